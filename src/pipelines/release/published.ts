import { z } from "zod";
import type { Run } from "../run.ts";

/** The file in which a publish stage tells what it brought to the mirror. */
export const PUBLISHED = "published.json";

const Published = z.object({
  targets: z.array(z.object({ target: z.string(), packages: z.array(z.object({ nevra: z.string() })) })),
});

/** Target -> the NEVRAs that were published for it. */
export type Nevras = Readonly<Record<string, readonly string[]>>;

/** What `published.json` says. */
export function nevrasOf(text: string): Nevras {
  const { targets } = Published.parse(JSON.parse(text));
  return Object.fromEntries(
    targets.map(({ target, packages }) => [target, packages.map(({ nevra }) => nevra)]),
  );
}

/** What is in any of these. */
export function together(all: readonly Nevras[]): Nevras {
  const targets = new Set(all.flatMap((one) => Object.keys(one)));
  return Object.fromEntries(
    Array.from(targets, (target) => [target, [...new Set(all.flatMap((one) => one[target] ?? []))]]),
  );
}

const Numbered = z.object({
  targets: z.array(z.object({ target: z.string(), snapshot: z.coerce.number() })),
});

/** The number of each target's snapshot that `published.json` tells. */
export const snapshotsOf = (text: string): readonly (readonly [target: string, number: number])[] =>
  Numbered.parse(JSON.parse(text)).targets.map(({ target, snapshot }) => [target, snapshot]);

const FACT = "repository for ";

/** Target -> the address of the channel's `.repo` file, as the publications of a run told it. */
export const repositoriesOf = ({ stages }: Pick<Run, "stages">): Readonly<Record<string, string>> =>
  Object.fromEntries(
    stages
      .filter(({ kind }) => kind === "publish")
      .flatMap(({ facts }) => Object.entries(facts ?? {}))
      .filter(([name]) => name.startsWith(FACT))
      .map(([name, url]) => [name.slice(FACT.length), url]),
  );

/** Where a stranger looks at what a run published: its repositories, or the channel, where it has none. */
export function addressesOf(run: Pick<Run, "stages">): readonly string[] {
  const channels = run.stages
    .filter(({ kind }) => kind === "publish")
    .flatMap(({ facts }) => facts?.["channel"] ?? []);
  return [...Object.values(repositoriesOf(run)), ...channels];
}
