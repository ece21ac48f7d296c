import type { ReleasedPackage, ReleasedTarget } from "../../pipelines/release-document.ts";
import { inParallel } from "../in-parallel.ts";
import type { Desk, Fetched } from "../judge.ts";
import type { Release } from "../manifest.ts";
import { nevraOf } from "../nevra.ts";
import type { Published } from "../published.ts";
import { repoFileName } from "../repo-file.ts";
import { type Story, storyOf } from "./changelog.ts";
import type { Brought } from "./document.ts";

type PublishedTarget = Published["targets"][number];

/** What a stage published for a release, and what its packagers wrote of it. */
export async function broughtBy(
  desk: Pick<Desk, "manifest" | "tools">,
  release: Release,
  { fetched, targets }: { readonly fetched: readonly Fetched[]; readonly targets: Published["targets"] },
): Promise<Brought> {
  const byNevra = new Map(fetched.flatMap((one) => named(one)));
  const stories = new Map(
    await inParallel([...byNevra], async ([nevra, { local, header }]) => {
      // What cannot be read is not told: it is a remark, and the package has passed the gate.
      const story = await storyOf(desk.tools, local).catch(() => ({ source: header.name, remarks: [] }));
      return [nevra, { ...story, version: versionOf(header) }] as const;
    }),
  );
  return {
    targets: targets.map((one) => released(desk, release, { one, stories })),
    changelogs: Object.fromEntries(
      [...stories.values()].toReversed().map(({ source, remarks }) => [source, remarks]),
    ),
  };
}

type Told = Story & { readonly version: string };
type Readable = Exclude<Fetched["header"], { readonly unreadable: string }>;

const named = ({
  header,
  local,
}: Fetched): readonly (readonly [string, { readonly local: string; readonly header: Readable }])[] =>
  "unreadable" in header ? [] : [[nevraOf(header), { local, header }]];

const versionOf = ({ epoch, version, release }: Readable): string =>
  `${epoch === "0" ? "" : `${epoch}:`}${version}-${release}`;

function released(
  { manifest }: Pick<Desk, "manifest">,
  { number }: Release,
  { one, stories }: { readonly one: PublishedTarget; readonly stories: ReadonlyMap<string, Told> },
): ReleasedTarget {
  const { repo, channel, mirror } = manifest;
  const { target, url: snapshot } = one;
  const file = repoFileName({ repo: repo.name, channel, url: mirror.url, target });
  const asked = manifest.targets.find((it) => it.target === target)?.packages ?? [];
  const packages = one.packages.flatMap(({ nevra, name, sha256, size, path }): readonly ReleasedPackage[] => {
    const told = stories.get(nevra);
    if (!told) return [];
    const { source, version } = told;
    const arch = nevra.slice(nevra.lastIndexOf(".") + 1);
    return [{ name, version, arch, source, location: `${mirror.url}/${path}`, sha256, size }];
  });
  return {
    target,
    snapshot,
    repo: one.repo,
    "pinned-repo": `${mirror.url}/releases/${number}/${file}`,
    arches: [...new Set(asked.map(({ arch }) => arch))].toSorted(),
    packages,
  };
}
