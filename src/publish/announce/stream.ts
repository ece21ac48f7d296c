import type { ReleasedImage } from "../../pipelines/release/release-document.ts";
import type { Listed, Releases } from "./releases.ts";

/**
 * The newest release of a channel for programs, after the stream metadata of Fedora CoreOS: `stream`, `metadata`, and
 * `architectures.<arch>.artifacts.<image>.formats.<format>.disk`, where an image's own name stands in place of a platform:
 * a repository may make several for one. The signature is over `checksum`, which names the digest. What is installed from packages is found beside it
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
  const { targets, images = [] } = newest;
  const arches = new Set([...targets.flatMap((one) => one.arches), ...images.map(({ arch }) => arch)]);
  return Object.fromEntries(
    [...arches].toSorted().map((arch) => [
      arch,
      {
        artifacts: Object.fromEntries(
          [
            ...Map.groupBy(
              images.filter((one) => one.arch === arch),
              ({ name }) => name,
            ),
          ].map(([name, all]) => [name, artifact(newest.release, all)]),
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

/** An image in all the formats that there are of it. */
const artifact = (release: string, images: readonly ReleasedImage[]): object => ({
  release,
  formats: Object.fromEntries(
    images.map(({ format, name: _n, arch: _a, target: _t, ...disk }) => [format, { disk }]),
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
