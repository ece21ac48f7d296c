import type { UpdateRan } from "../../bot/messages.ts";
import { updatePull, updateWords } from "../../bot/words/update.ts";
import { fileOf, folderOf } from "../../bot/work/recipes.ts";
import { type Run, runKey } from "../../pipelines/run.ts";
import { MADE, MADE_BYTES, readMade, updatedBy } from "../../pipelines/service/update-made.ts";
import { type OwnWork, ownCommitKey, updateBranch } from "../../pipelines/service/update-records.ts";
import { isOver, type Stage } from "../../pipelines/stage.ts";
import { ownWorkOf } from "../decide/own-work.ts";
import { refusedBy, type UpdatePorts } from "./update-recipe.ts";

/** What services made of an update, by path. */
interface Changes {
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly gone: readonly string[];
}

/**
 * The services of an update have run: what they made is committed to the branch, if that is where we left it, and the
 * pull request says what is left to do now. Heard again it changes nothing.
 */
export async function commitUpdate(ports: UpdatePorts, ran: UpdateRan): Promise<string> {
  const of = await ranOf(ports, ran);
  if (!of) return updateWords.noWork;
  const { run, stage, work } = of;
  if (!(await isAsWeLeftIt(ports, of))) return updateWords.moved(updateBranch(work.recipe));
  const made = stage.state === "passed" ? await changesOf(ports, run, stage) : failed(stage);
  if (typeof made === "string") return tell(ports, of, { left: [made, ...work.left] });
  if (Object.keys(made.files).length + made.gone.length === 0) return tell(ports, of, { left: [] });
  const message = updatePull.made(work.recipe, work.version);
  const written = await ports.github.writeCommit(run.repo, { base: run.trigger.sha, message, ...made });
  if (written.kind !== "written") return refusedBy(written);
  // As with the commit before it: whose it is decides whether it is built.
  await ports.ownCommits.create(ownCommitKey(run.repo.id, written.sha), work.recipe);
  return tell(ports, of, { sha: written.sha, left: [] });
}

interface Ran {
  readonly run: Run;
  readonly trigger: Extract<Run["trigger"], { kind: "pull" }>;
  readonly stage: Stage;
  readonly work: OwnWork;
}

/** The stage that is over, and what was to be done by it. */
async function ranOf(ports: UpdatePorts, { run: id, stage: name }: UpdateRan): Promise<Ran | undefined> {
  const run = (await ports.runs.read(runKey(id)))?.value;
  const stage = run?.stages.find((one) => one.name === name);
  if (!run || !stage || !isOver(stage) || run.trigger.kind !== "pull") return undefined;
  const work = await ownWorkOf(ports, run.repo.id, run.trigger.sha);
  return work && { run, trigger: run.trigger, stage, work };
}

/** Is the branch still at our commit, and its pull request open? */
async function isAsWeLeftIt({ github }: UpdatePorts, { run, trigger, work }: Ran): Promise<boolean> {
  const [head, pull] = await Promise.all([
    github.branch(run.repo, updateBranch(work.recipe)),
    github.pull(run.repo, trigger.number),
  ]);
  return head?.sha === trigger.sha && pull?.isOpen === true;
}

const failed = ({ because = "", state }: Stage): string => updateWords.failed(because || state);

/** Brings the branch to a commit, if there is one, and the pull request to what it says. */
async function tell(
  { github }: UpdatePorts,
  { run, trigger, work }: Ran,
  { sha = trigger.sha, left }: { readonly sha?: string; readonly left: readonly string[] },
): Promise<string> {
  const { recipe, was, version, upstream, renewed, undone } = work;
  const title = updatePull.title(recipe, version);
  const body = updatePull.body({ recipe, was, version, upstream, renewed, undone: [...left, ...undone] });
  const branch = updateBranch(recipe);
  const proposed = await github.propose(run.repo, { branch, sha, base: trigger.branch, title, body });
  if (proposed.kind === "moved") return updateWords.moved(branch);
  return proposed.kind === "open" ? updateWords.proposed(version, proposed.number) : refusedBy(proposed);
}

/** What the stage left, held against the digests in its record; or why none of it is committed. */
async function changesOf(ports: UpdatePorts, run: Run, stage: Stage): Promise<Changes | string> {
  const { prefix, files = [] } = stage;
  const recipe = updatedBy(run.jobs, stage);
  const isSmall = files.reduce((sum, { size }) => sum + size, 0) <= MADE_BYTES + LIST_BYTES;
  if (prefix === undefined || !recipe || !isSmall) return updateWords.wrongMade;
  const read = async (name: string): Promise<Uint8Array | undefined> => {
    const file = files.find((one) => one.name === name);
    const bytes = file && (await ports.results.get(prefix + name))?.value;
    return bytes && ports.digest(bytes) === file.sha256 ? bytes : undefined;
  };
  const list = await read(MADE);
  const made = list && readMade(new TextDecoder().decode(list), fileOf(recipe.path));
  if (!made) return updateWords.wrongMade;
  const folder = folderOf(recipe.path);
  const at = (name: string): string => (folder === "" ? name : `${folder}/${name}`);
  const contents: Record<string, Uint8Array> = {};
  for (const { name, content } of made.files) {
    const bytes = await read(content);
    if (!bytes) return updateWords.wrongMade;
    contents[at(name)] = bytes;
  }
  return { files: contents, gone: made.gone.map(at) };
}

/** The list itself, the facts and the digests. */
const LIST_BYTES = 1024 * 1024;
