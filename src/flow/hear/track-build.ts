import { type HearPorts, hearBuild } from "./hear-build.ts";

/** builds queue -> runs. The event is a hint: what counts is what CodeBuild says when asked. */
export function trackBuild(ports: HearPorts) {
  return async ({ build }: { readonly build: string }): Promise<void> => {
    for (const news of await ports.builder.look([build])) await hearBuild(ports)(news);
  };
}
