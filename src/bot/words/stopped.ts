import type { Trouble } from "../../pipelines/stage.ts";

type Kind = NonNullable<Trouble["kind"]>;

const WHAT: Readonly<Record<Kind, string>> = {
  spec: "rpm cannot read the spec",
  dependencies: "Something that the build needs is not there",
  sources: "The sources are not what the spec expects",
  patch: "A patch does not apply",
  configure: "The sources could not be configured",
  compiler: "The compiler stopped",
  linker: "The linker stopped",
  command: "A command failed",
  exception: "A program ended with an exception",
  files: "The files are not those that the spec lists and rpm accepts",
  tests: "Tests failed",
  image: "The image could not be made",
  memory: "The builder's memory was used up",
  disk: "The builder's disk is full",
  network: "The build asked for the network, which builds do not have",
  crash: "A program crashed",
  conflict: "It conflicts with its base branch: merge or rebase, and push again",
};

/** What stopped a build, in a few words. */
export function stopped({ kind, scriptlet }: Trouble, foreign = (text: string) => text): string {
  const where = scriptlet ? ` in ${foreign(scriptlet)}` : "";
  return `${kind ? WHAT[kind] : "The build failed"}${where}`;
}

/** What stands above the lines of the log. */
export const aboveLog = (trouble: Trouble | undefined): string =>
  trouble?.guessed ? "No error that is known was found. The log ends like this:" : "What the log says:";
