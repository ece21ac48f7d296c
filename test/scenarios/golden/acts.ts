import type { House, Cast } from "./cast.ts";
import { filesOf, filled, ownerOf, personOf, shaOf } from "./cast.ts";
import { checksAt } from "./record-checks.ts";
import type { Step } from "./script.ts";

type Doing<V extends keyof Step> = (house: House, cast: Cast, what: NonNullable<Step[V]>) => unknown;

const at = (cast: Cast) => ({ owner: ownerOf(cast), repo: cast.repo });
const ofPull = (cast: Cast, pull: number) => ({ ...at(cast), pull_number: pull });
const rest = (cast: Cast, by = "owner") => personOf(cast, by).octokit.rest;

const commits = {
  async push({ theatre }, cast, { by, in: whose, branch, files, as }) {
    const owner = whose === undefined ? ownerOf(cast) : personOf(cast, whose).login;
    const change = {
      by: personOf(cast, by).login,
      branch,
      message: `Commit ${as}`,
      files: filesOf(cast, files),
    };
    cast.commits.set(as, await theatre.github.admin.commit(owner, cast.repo, change));
  },
  force: (_, cast, { branch, to }) =>
    rest(cast).git.updateRef({ ...at(cast), ref: `heads/${branch}`, sha: shaOf(cast, to), force: true }),
  fork: ({ theatre }, cast, { by }) =>
    theatre.github.admin.fork(ownerOf(cast), cast.repo, personOf(cast, by).login),
  "delete fork": ({ theatre }, cast, { of }) =>
    theatre.github.admin.deleteRepository(personOf(cast, of).login, cast.repo),
} satisfies Partial<{ [V in keyof Step]: Doing<V> }>;

const pulls = {
  open: (_, cast, { by, from, branch, body, ...said }) =>
    rest(cast, by).pulls.create({
      ...at(cast),
      ...said,
      ...(body !== undefined && { body }),
      head: from === undefined ? branch : `${personOf(cast, from).login}:${branch}`,
    }),
  async merge(_, cast, { by, pull, as }) {
    const { data } = await rest(cast, by).pulls.merge(ofPull(cast, pull));
    if (as !== undefined) cast.commits.set(as, data.sha);
  },
  close: (_, cast, { by, pull }) => rest(cast, by).pulls.update({ ...ofPull(cast, pull), state: "closed" }),
  reopen: (_, cast, { by, pull }) => rest(cast, by).pulls.update({ ...ofPull(cast, pull), state: "open" }),
  ready: ({ theatre }, cast, { by, pull }) =>
    theatre.github.admin.readyForReview(ownerOf(cast), cast.repo, pull, personOf(cast, by).login),
  async enqueue({ theatre }, cast, { by, pull, as }) {
    const login = personOf(cast, by).login;
    const { group } = await theatre.github.admin.enqueue(ownerOf(cast), cast.repo, pull, login);
    if (as !== undefined && group) cast.commits.set(as, group.head);
  },
  dequeue: ({ theatre }, cast, { by, pull }) =>
    theatre.github.admin.dequeue(ownerOf(cast), cast.repo, pull, personOf(cast, by).login),
  change: (_, cast, { pull, title, base }) =>
    rest(cast).pulls.update({
      ...ofPull(cast, pull),
      ...(title !== undefined && { title }),
      ...(base !== undefined && { base }),
    }),
} satisfies Partial<{ [V in keyof Step]: Doing<V> }>;

const comments = {
  async comment(_, cast, { by, pull, says, as }) {
    const body = filled(cast, says);
    const { data } = await rest(cast, by).issues.createComment({ ...at(cast), issue_number: pull, body });
    cast.comments.set(as, data.id);
  },
  edit: (_, cast, { by, comment, says }) =>
    rest(cast, by).issues.updateComment({
      ...at(cast),
      comment_id: idOf(cast, comment),
      body: filled(cast, says),
    }),
  erase: (_, cast, { by, comment }) =>
    rest(cast, by).issues.deleteComment({ ...at(cast), comment_id: idOf(cast, comment) }),
} satisfies Partial<{ [V in keyof Step]: Doing<V> }>;

const checks = {
  async press({ theatre }, cast, { by, check, at, button }) {
    await theatre.github.admin.pressButton(await checkAt(cast, at, check), button, personOf(cast, by).login);
  },
  async "re-run"({ theatre }, cast, { by, check, at }) {
    await theatre.github.admin.rerunCheck(await checkAt(cast, at, check), personOf(cast, by).login);
  },
  async "re-run all"({ theatre }, cast, { by, at: commit }) {
    const asked = { ...at(cast), ref: shaOf(cast, commit) };
    const { data } = await rest(cast).checks.listSuitesForRef(asked);
    for (const { id } of data.check_suites)
      await theatre.github.admin.rerunSuite(id, personOf(cast, by).login);
  },
} satisfies Partial<{ [V in keyof Step]: Doing<V> }>;

/** What people do on GitHub's pages to commits, pull requests and checks. */
export const acts = { ...commits, ...pulls, ...comments, ...checks };

function idOf({ comments }: Cast, name: string): number {
  const id = comments.get(name);
  if (id === undefined) throw new Error(`no comment is called ${name}`);
  return id;
}

/** The newest check run of that name. */
async function checkAt(cast: Cast, commit: string, name: string): Promise<number> {
  const found = (await checksAt(cast, shaOf(cast, commit))).findLast((one) => one.name === name);
  if (!found) throw new Error(`no check ${name} is at ${commit}`);
  return found.id;
}
