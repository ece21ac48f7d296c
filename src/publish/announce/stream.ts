import type { Listed, Releases } from "./releases.ts";

/**
 * The newest release of a channel for programs, after the stream metadata of Fedora CoreOS: `stream`, `metadata`, and
 * `architectures.<arch>.artifacts.<platform>.formats.<format>.disk`. What is installed from packages is found beside it
 * in `repositories`, by target.
 */
export function streamOf({ channel, metadata, releases, url, ...rest }: Releases): object {
  const [newest] = releases;
  const until = rest["support-until"];
  return {
    stream: channel,
    metadata,
    ...(until !== undefined && { "support-until": until }),
    "end-of-life": rest["end-of-life"],
    ...(newest && { release: newest.release }),
    architectures: newest ? architectures(newest, url) : {},
  };
}

function architectures(newest: Listed, url: string): object {
  const { targets, artifacts = [] } = newest;
  const arches = new Set([...targets.flatMap((one) => one.arches), ...artifacts.map(({ arch }) => arch)]);
  return Object.fromEntries(
    [...arches].toSorted().map((arch) => [
      arch,
      {
        artifacts: Object.fromEntries(
          [
            ...Map.groupBy(
              artifacts.filter((one) => one.arch === arch),
              ({ platform }) => platform,
            ),
          ].map(([platform, all]) => [platform, platformOf(newest.release, all)]),
        ),
        repositories: Object.fromEntries(
          targets
            .filter((one) => one.arches.includes(arch))
            .map((one) => [one.target, repository(newest, one, url)]),
        ),
      },
    ]),
  );
}

const platformOf = (release: string, artifacts: NonNullable<Listed["artifacts"]>): object => ({
  release,
  formats: Object.fromEntries(
    artifacts.map(({ format, location, signature, sha256 }) => [
      format,
      { disk: { location, signature, sha256 } },
    ]),
  ),
});

const repository = (
  { release }: Listed,
  { snapshot, repo, ...one }: Listed["targets"][number],
  url: string,
) => ({
  release,
  repo,
  "pinned-repo": one["pinned-repo"],
  snapshot,
  key: `${url}/RPM-GPG-KEY-millwright`,
});
