import type { RepoRef } from "../../src/bot/events.ts";
import type { Branch, Pull } from "../../src/bot/pull.ts";
import { proposing } from "./fake-proposals.ts";
import type { GitHub, GitHubWatch, ReleasePage, Showing, Shown } from "../../src/ports-github.ts";

/** A GitHub that remembers what is written to it, and breaks where it is told to. */
export function fakeGitHub() {
  const pulls = new Map<number, Pull>();
  const branches = new Map<string, Branch>();
  const tags = new Map<string, string>();
  const files = new Map<string, string>();
  /** By `<sha> <path>`, where a commit has another text. */
  const filesAt = new Map<string, string>();
  const writers = new Set<number>([12]);
  const checks: (Shown & { readonly sha: string })[] = [];
  const releases: { id: number; tag: string; sha: string; name: string; body: string; url: string }[] = [];
  const comments: { id: number; number: number; body: string }[] = [];
  const writes: string[] = [];
  const asked: string[] = [];
  const broken = new Set<string>();
  const state = {
    paths: ["greet.spec"] as readonly string[],
    changed: ["greet.spec"] as readonly string[] | "too-many",
    failed: [] as number[],
    /** Commits that no branch reaches any more. */
    pushedAway: [] as string[],
    /** Why GitHub lets nobody write a Release. */
    noReleases: undefined as string | undefined,
    defaultBranch: "main" as string | undefined,
    /** Repositories that have become private, and some that the app is not installed in any more. */
    hidden: new Set<number>(),
    strangers: new Set<number>(),
    /** Seconds for which GitHub takes no more writes. */
    limited: 0,
    repositories: [] as RepoRef[],
  };
  let ids = 0;
  const meet = (call: string): void => {
    if (broken.has(call)) throw new Error(`502 for ${call}`);
  };
  const write = (call: string, what: string): void => {
    meet(call);
    writes.push(`${call} ${what}`);
  };
  const showOne = (sha: string, { check, id }: Showing): void => {
    write("show", `${id === undefined ? "create" : "update"} ${check.name}`);
    const at = checks.findIndex((one) => one.id === id);
    const remarks = check.annotations?.length ?? 0;
    const before = checks[at];
    if (before) checks[at] = { sha, check, id: before.id, remarks: before.remarks + remarks };
    // As GitHub lists them: the latest of a name alone.
    else {
      const was = checks.findIndex((one) => one.sha === sha && one.check.name === check.name);
      if (was >= 0) checks.splice(was, 1);
      checks.push({ sha, check, id: `CR_${(ids += 1)}`, remarks });
    }
  };
  const fake = {
    pull: async (_at: unknown, number: number) => pulls.get(number),
    branch: async (at: { name: string }, name: string) => {
      meet(`branch ${at.name}`);
      return branches.get(name);
    },
    tag: async (_at: unknown, name: string) => tags.get(name),
    reaches: async (_at: unknown, head: string, sha: string) =>
      head === sha || !state.pushedAway.includes(sha),
    paths: async () => state.paths,
    file: async (_at: unknown, path: string, ref: string) => filesAt.get(`${ref} ${path}`) ?? files.get(path),
    changed: async () => state.changed,
    canWrite: async (_at: unknown, { id }: { id: number }) => writers.has(id),
    readToken: async () => "ghs_token",
    shown: async (_at: unknown, sha: string) => {
      meet("shown");
      return checks.filter((one) => one.sha === sha);
    },
    async show(_at: unknown, sha: string, showings: readonly Showing[]) {
      meet("show");
      if (state.limited > 0) return { kind: "limited" as const, seconds: state.limited };
      for (const showing of showings) showOne(sha, showing);
      return { kind: "written" as const };
    },
    comment: async (
      _at: unknown,
      number: number,
      { marker, id }: { marker: string; id?: number | undefined },
    ) => {
      const known = comments.find((one) => one.id === id);
      asked.push(known ? "comment by id" : "comment by looking");
      return known ?? comments.find((one) => one.number === number && one.body.startsWith(marker));
    },
    async say(_at: unknown, number: number, { body, id }: { body: string; id?: number | undefined }) {
      meet("say");
      if (state.limited > 0) return { kind: "limited" as const, seconds: state.limited };
      write("say", id === undefined ? "create" : "update");
      const was = comments.find((one) => one.id === id);
      if (was) was.body = body;
      else comments.push({ id: (ids += 1), number, body });
      return { kind: "written" as const, id: id ?? ids };
    },
    defaultBranch: async () => state.defaultBranch,
    isPublic: async ({ id }: { readonly id: number }) => {
      if (state.strangers.has(id)) throw new Error("the installation is gone");
      return !state.hidden.has(id);
    },
    release: async (_at: unknown, tag: string) => releases.find((one) => one.tag === tag),
    async writeRelease(_at: unknown, { id, ...page }: ReleasePage) {
      if (state.limited > 0) return { kind: "limited" as const, seconds: state.limited };
      if (state.noReleases !== undefined) return { kind: "refused" as const, because: state.noReleases };
      write("writeRelease", `${id === undefined ? "create" : "update"} ${page.tag}`);
      const was = releases.find((one) => one.id === id);
      const url = `https://github.com/acme/os/releases/tag/${page.tag}`;
      if (was) was.body = page.body;
      else releases.push({ ...page, id: (ids += 1), url });
      // A tag is made where there is none.
      if (!tags.has(page.tag)) tags.set(page.tag, page.sha);
      return { kind: "written" as const, url };
    },
    ...proposing({ meet, write, pulls, branches, filesAt, refused: () => state.noReleases }),
    async react(_at: unknown, comment: number, content: string) {
      write("react", `${content} ${comment}`);
    },
    repositories: async () => {
      meet("repositories");
      return state.repositories;
    },
    openPulls: async (at: { name: string }) => {
      meet(`openPulls ${at.name}`);
      return [...pulls.values()].filter(({ isOpen }) => isOpen);
    },
    failedDeliveries: async () => {
      meet("failedDeliveries");
      return state.failed;
    },
    async redeliver(delivery: number) {
      write("redeliver", String(delivery));
    },
    pulls,
    branches,
    tags,
    files,
    filesAt,
    writers,
    checks,
    comments,
    releases,
    writes,
    asked,
    broken,
    state,
    pullOf: (of: Partial<Pull>): Pull => ({
      number: 7,
      isOpen: true,
      sha: "a".repeat(40),
      headRepo: 9,
      headOwner: of.author?.id ?? 12,
      base: { branch: "main", sha: "b".repeat(40), defaultBranch: "main" },
      author: { id: 12, login: "octocat" },
      title: "A change",
      description: "Why it is needed.",
      isDraft: false,
      ...of,
    }),
  };
  return fake satisfies GitHub & GitHubWatch;
}
