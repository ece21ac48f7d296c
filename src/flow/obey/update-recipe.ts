import { type Draft, draftUpdate } from "../../bot/work/update.ts";
import { updatePull, updateWords } from "../../bot/words/update.ts";
import type { Recipe, Run } from "../../pipelines/run.ts";
import {
  ownCommitKey,
  type OwnWork,
  ownWorkKey,
  ownPullKey,
  type Update,
  updateBranch,
  updateKey,
} from "../../pipelines/service/update-records.ts";
import type { GitHub, Limited } from "../../ports-github.ts";
import type { Blobs, Clock, Digest, Records, Upstreams } from "../../ports.ts";
import { changeRecord } from "../change-record.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import { renewSums } from "./renew-sums.ts";
import { type Main, readRecipe } from "../decide/find-recipe.ts";

export interface UpdatePorts {
  readonly github: Pick<GitHub, "branch" | "paths" | "file" | "pull" | "writeCommit" | "propose">;
  readonly updates: Records<Update>;
  readonly ownCommits: Pick<Blobs, "create" | "get">;
  /** What source stages left. */
  readonly results: Pick<Blobs, "get">;
  readonly runs: Pick<Records<Run>, "read">;
  readonly digest: Digest;
  readonly upstreams: Upstreams;
  readonly deployment: Deployment;
  readonly clock: Clock;
}

export interface ToPropose {
  readonly main: Main;
  readonly recipe: Recipe;
  readonly version: string;
  /** Where the version was found, for people. */
  readonly place?: string | undefined;
  /** Somebody named this version: also where it was turned down before. */
  readonly isNamed?: boolean;
}

type Drafted = Extract<Draft, { kind: "draft" }>;

/** A version becomes the one pull request of its recipe, or is said why not. Asked again it changes nothing. */
export async function updateRecipe(ports: UpdatePorts, wanted: ToPropose): Promise<string> {
  const { main, recipe, version, isNamed } = wanted;
  const files = await readRecipe(ports, main, recipe);
  if (!files) return updateWords.gone(recipe.path);
  const key = updateKey(main.repo.id, recipe.name);
  const last = (await ports.updates.read(key))?.value;
  const same = last?.version === version ? last : undefined;
  const at = same?.at ?? ports.clock();
  const { name, email } = ports.deployment.key;
  const draft = draftUpdate({ recipe, files, paths: main.paths, version, at, author: `${name} <${email}>` });
  if (draft.kind !== "draft") return draft.because;
  const before = same && (await standing(ports, { ...wanted, draft }, same));
  if (before && isOver(before.kind, isNamed)) return saidOf(before, version);
  const keep = (more: Partial<Update>) =>
    changeRecord(ports.updates, key, () => ({ v: 1, version, at, ...more }));
  const missing = await notThere(ports, draft);
  if (missing === undefined) return propose(ports, { ...wanted, draft }, keep);
  await keep({ refused: { at: ports.clock(), because: missing } });
  return missing;
}

type Standing = { readonly kind: "same" | "closed" | "other"; readonly pull: number };

const isOver = (kind: Standing["kind"], isNamed = false): boolean =>
  kind === "same" || (kind === "closed" && !isNamed);

const saidOf = ({ kind, pull }: Standing, version: string): string =>
  kind === "same" ? updateWords.already(version, pull) : updateWords.closed(version, pull);

/** How it stands with what was proposed of this version. */
async function standing(
  { github }: UpdatePorts,
  { main: { repo }, draft }: ToPropose & { readonly draft: Drafted },
  { pull: number, sha }: Update,
): Promise<Standing | undefined> {
  const pull = number === undefined ? undefined : await github.pull(repo, number);
  if (!pull || sha === undefined) return undefined;
  if (!pull.isOpen) return { kind: pull.closed?.isMerged ? "other" : "closed", pull: pull.number };
  // Where digests are renewed the text is none of the draft's.
  const drafted = Object.entries(draft.files).filter(([path]) => !draft.work.sums.includes(path));
  const texts = await Promise.all(drafted.map(([path]) => github.file(repo, path, sha)));
  const isSame = drafted.every(([, text], i) => text === texts[i]);
  return { kind: isSame ? "same" : "other", pull: pull.number };
}

/** The first new address that gives nothing. */
async function notThere({ upstreams }: UpdatePorts, { addresses }: Drafted): Promise<string | undefined> {
  for (const address of addresses) {
    const because = await upstreams.reach(address).catch(String);
    if (because !== undefined) return updateWords.notThere(address, because);
  }
  return undefined;
}

async function propose(
  ports: UpdatePorts,
  { main, recipe, version, place, draft }: ToPropose & { readonly draft: Drafted },
  keep: (more: Partial<Update>) => Promise<unknown>,
): Promise<string> {
  const { github, ownCommits } = ports;
  const { repo } = main;
  const branch = updateBranch(recipe.name);
  const head = await github.branch(repo, branch);
  if (head && !(await ownCommits.get(ownCommitKey(repo.id, head.sha)))) return updateWords.foreign(branch);
  const title = updatePull.title(recipe.name, version);
  const { was, work } = draft;
  const sums = await renewSums(ports, main, draft);
  const files = { ...draft.files, ...sums.files };
  const commit = { base: main.sha, after: head?.sha, message: title, files, gone: sums.gone };
  const written = await github.writeCommit(repo, commit);
  if (written.kind !== "written") return refusedBy(written);
  const { sha } = written;
  // Before anybody can see it: whose commit it is decides whether it is built.
  await ownCommits.create(ownCommitKey(repo.id, sha), recipe.name);
  const told = { recipe: recipe.name, was, version, upstream: place, renewed: sums.renewed };
  const left = [...updateWords.left({ ...work, sums: sums.left }), ...sums.because];
  const hasWork = work.services.length > 0 || work.sources.length > 0;
  if (hasWork) {
    const own: OwnWork = { v: 1, ...told, before: main.sha, left, undone: draft.undone };
    await ownCommits.create(ownWorkKey(repo.id, sha), JSON.stringify(own));
  }
  const running = hasWork ? updateWords.running(work) : undefined;
  const body = updatePull.body({ ...told, running, undone: [...(hasWork ? [] : left), ...draft.undone] });
  const proposed = await github.propose(repo, { branch, sha, base: repo.defaultBranch, title, body });
  if (proposed.kind === "moved") return updateWords.foreign(branch);
  if (proposed.kind !== "open") return refusedBy(proposed);
  await ownCommits.create(ownPullKey(repo.id, proposed.number), recipe.name);
  await keep({ sha, pull: proposed.number });
  return updateWords.proposed(version, proposed.number);
}

/** A limit passes by itself: the queue brings the message back. */
export function refusedBy(said: { readonly kind: "refused"; readonly because: string } | Limited): string {
  if (said.kind === "limited") throw new Error(`GitHub takes no more writes for ${said.seconds} s`);
  return updateWords.refused(said.because);
}
