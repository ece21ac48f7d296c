import type { Octokit } from "@octokit/rest";
import type { Tag } from "../../pipelines/service/upstream.ts";

/** Pages of a hundred tags each; who has more is better asked by `git`. */
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
  const ask = askOf(octokit, repo);
  const known = etag?.split(" ") ?? [];
  const [tags, releases] = await Promise.all([ask.tags(1, known[0]), ask.releases(known[1])]);
  if (!tags && !releases) return "unchanged";
  const first = tags ?? (await ask.tags(1)) ?? NONE;
  const early = releases ?? (await ask.releases()) ?? NONE;
  const names = [...first.data.map(nameOf), ...(await furtherNames(ask, first))];
  const prereleases = new Set(early.data.flatMap(prereleaseIn));
  // Of several pages the first may stay as it was while another changes.
  const isWhole = names.length < FULL;
  return {
    tags: names.map((name) => ({ name, prerelease: prereleases.has(name) })),
    ...(isWhole && { etag: `${first.etag} ${early.etag}` }),
  };
}

/** The names on the pages after a full one. */
async function furtherNames({ tags }: ReturnType<typeof askOf>, first: Page): Promise<readonly string[]> {
  const names: string[] = [];
  let last = first;
  for (let page = 2; page <= PAGES && last.data.length === FULL; page += 1) {
    last = (await tags(page)) ?? NONE;
    names.push(...last.data.map(nameOf));
  }
  return names;
}

const NONE: Page = { etag: "", data: [] };

function askOf({ rest }: Octokit, repo: string) {
  const [owner = "", name = ""] = repo.split("/");
  const where = { owner, repo: name, per_page: FULL };
  return {
    tags: (page: number, etag?: string) =>
      asked(rest.repos.listTags({ ...where, page, headers: unlessStill(etag) })),
    releases: (etag?: string) => asked(rest.repos.listReleases({ ...where, headers: unlessStill(etag) })),
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
