import type { Deployment } from "../pipelines/deployment.ts";
import type { Arch, Tier } from "../pipelines/run.ts";
import { CONFIG_PATH, type Config } from "./config.ts";
import { type Notice, notices } from "./words/notices.ts";

type Targets = Readonly<Record<string, Readonly<Partial<Record<Arch, Tier>>>>>;

/** What the repository wants built, as far as this deployment has roots for it; a notice names what it has not. */
export function targetsOf(
  { targets }: Config,
  deployment: Deployment,
): { readonly targets: Targets } | { readonly refusal: Notice } {
  const known = deployment.targets;
  if (!targets) {
    const named = deployment.defaults.map((name) => [name, known[name]?.arches ?? {}] as const);
    return { targets: Object.fromEntries(named) };
  }
  for (const [name, arches] of Object.entries(targets)) {
    const images = known[name]?.images;
    if (!images) return { refusal: notices.unknownTarget(name, Object.keys(known)) };
    const missing = Object.keys(arches).find((arch) => !(arch in images));
    if (missing) return { refusal: notices.unknownArch(name, missing, Object.keys(images)) };
  }
  const isEmpty = Object.values(targets).every((arches) => Object.keys(arches).length === 0);
  return isEmpty ? { refusal: notices.noTargets(CONFIG_PATH) } : { targets };
}
