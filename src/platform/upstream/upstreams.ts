import { z } from "zod";
import type { Digests } from "../../pipelines/service/sums.ts";
import type { Tag, Upstream } from "../../pipelines/service/upstream.ts";
import type { Upstreams } from "../../ports.ts";
import { type Clients, READS } from "../github/client.ts";
import { expression } from "./expression.ts";
import { gitHubReleases } from "./github-releases.ts";
import { tagsAdvertised } from "./git-tags.ts";

/** Hosts outside, as far as they may be asked. Both throw, with a sentence, where an address may not or cannot be read. */
export interface Web {
  /** The content of at most so many bytes, one character for each byte. */
  read(address: string, bytes: number): Promise<string>;
  /** Why nothing can be fetched there; `undefined`: it can. */
  reach(address: string): Promise<string | undefined>;
  /** The digests of at most so many bytes, or why they cannot be had. */
  digests(address: string, bytes: number): Promise<Digests | string>;
}

/** What a door may fetch for its digest, in bytes. */
const SOURCE = 64 * 1024 * 1024;

/** A large project's list of branches, tags and pull requests. */
const BYTES = 16 * 1024 * 1024;

export function upstreamsOf(clients: Pick<Clients, "in">, web: Web): Upstreams {
  return {
    expression,
    reach: (address) => web.reach(address),
    digests: (address) => web.digests(address, SOURCE),
    releases: async (at, upstream, etag) => {
      switch (upstream.kind) {
        case "github":
          return gitHubReleases(await clients.in(at, READS), upstream.repo, etag);
        case "git":
          return { tags: await gitTags(web, upstream.url) };
        case "anitya":
          return { tags: await anityaVersions(web, upstream) };
        default:
          return upstream satisfies never;
      }
    },
  };
}

async function gitTags(web: Web, url: string): Promise<readonly Tag[]> {
  const plain = url.endsWith("/") ? url.slice(0, -1) : url;
  const text = await web.read(`${plain}/info/refs?service=git-upload-pack`, BYTES);
  return tagsAdvertised(text).map((name) => ({ name }));
}

/** release-monitoring.org knows versions, not tags. */
async function anityaVersions(
  web: Web,
  { project }: Extract<Upstream, { kind: "anitya" }>,
): Promise<readonly Tag[]> {
  const text = await web.read(`https://release-monitoring.org/api/v2/versions/?project_id=${project}`, BYTES);
  const { versions, stable_versions: stable } = Versions.parse(JSON.parse(text));
  const ripe = new Set(stable);
  return versions.map((name) => ({ name, prerelease: !ripe.has(name) }));
}

const Versions = z.object({ versions: z.array(z.string()), stable_versions: z.array(z.string()) });
