import type { Octokit } from "@octokit/rest";
import type { Tag } from "../../pipelines/upstream.ts";

/** Pages of a hundred tags each; who has more is asked by `git`. */
const PAGES = 20;
const FULL = 100;

interface Page {
  readonly etag: string;
  readonly data: readonly unknown[];
}

/** The tags of a repository on GitHub, and which of them GitHub's Releases call prereleases. */
export async function gitHubReleases(
  octokit: Octokit,
  repo: string,
  etag?: string,
): Promise<{ readonly tags: readonly Tag[]; readonly etag?: string | undefined } | "unchanged"> {
  const [owner = "", name = ""] = repo.split("/");
  const where = { owner, repo: name, per_page: FULL };
  const known = etag?.split(" ") ?? [];
  const ask = {
    tags: (page: number, etag?: string) =>
      asked(octokit.rest.repos.listTags({ ...where, page, headers: unlessStill(etag) })),
    releases: (etag?: string) =>
      asked(octokit.rest.repos.listReleases({ ...where, headers: unlessStill(etag) })),
  };
  const [tags, releases] = await Promise.all([ask.tags(1, known[0]), ask.releases(known[1])]);
  if (!tags && !releases) return "unchanged";
  const [first, early] = [tags ?? (await ask.tags(1)), releases ?? (await ask.releases())];
  const names = [...(first?.data ?? [])].map(nameOf);
  for (let page = 2; page <= PAGES && names.length === (page - 1) * FULL; page += 1)
    names.push(...((await ask.tags(page))?.data.map(nameOf) ?? []));
  const prereleases = new Set((early?.data ?? []).flatMap(prereleaseIn));
  return {
    tags: names.map((name) => ({ name, prerelease: prereleases.has(name) })),
    // Of several pages the first may stay as it was while another changes.
    ...(first && early && names.length < FULL && { etag: `${first.etag} ${early.etag}` }),
  };
}

const unlessStill = (etag: string | undefined) => (etag ? { "if-none-match": etag } : {});

async function asked(
  answer: Promise<{ readonly headers: { readonly etag?: string }; readonly data: readonly unknown[] }>,
): Promise<Page | undefined> {
  try {
    const { headers, data } = await answer;
    return { etag: headers.etag ?? "", data };
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 304) return undefined;
    throw error;
  }
}

const nameOf = (tag: unknown): string => (tag as { readonly name: string }).name;

function prereleaseIn(release: unknown): readonly string[] {
  const { tag_name: tag, prerelease } = release as {
    readonly tag_name: string;
    readonly prerelease: boolean;
  };
  return prerelease ? [tag] : [];
}
