import type { ReleasedPackage, ReleasedTarget } from "../../pipelines/release/release-document.ts";
import { inParallel } from "../in-parallel.ts";
import type { Desk, Fetched } from "../judge.ts";
import { nevraOf } from "../nevra.ts";
import type { PublishedTarget } from "../published.ts";
import { type Story, storyOf } from "./changelog.ts";
import type { ReleaseContent } from "./document.ts";

/** What a stage published for a release, and what its packagers wrote of it. */
export async function contentBy(
  desk: Pick<Desk, "manifest" | "tools">,
  {
    fetched,
    targets,
  }: { readonly fetched: readonly Fetched[]; readonly targets: readonly PublishedTarget[] },
): Promise<ReleaseContent> {
  const byNevra = new Map(fetched.flatMap((one) => named(one)));
  const stories = new Map(
    await inParallel([...byNevra], async ([nevra, { local, header }]) => {
      // What cannot be read is not told: it is a remark, and the package has passed the gate.
      const story = await storyOf(desk.tools, local).catch(() => ({ source: header.name, remarks: [] }));
      return [nevra, { ...story, version: versionOf(header) }] as const;
    }),
  );
  return {
    targets: targets.map((one) => released(desk, one, stories)),
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
  one: PublishedTarget,
  stories: ReadonlyMap<string, Told>,
): ReleasedTarget {
  const { mirror } = manifest;
  const { target, url: snapshot, repo, pinned = repo } = one;
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
    repo,
    "pinned-repo": pinned,
    arches: [...new Set(asked.map(({ arch }) => arch))].toSorted(),
    packages,
  };
}
