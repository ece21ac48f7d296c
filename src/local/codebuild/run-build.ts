import { rm } from "node:fs/promises";
import path from "node:path";
import { uploadArtifacts } from "./artifacts.ts";
import { type Buildspec, PHASES, readBuildspec } from "./buildspec.ts";
import { exportVariables, runCommands } from "./commands.ts";
import { buildEnvironment } from "./environment.ts";
import type { Journal } from "./journal.ts";
import type { Cage } from "./limits.ts";
import type { Project } from "./model.ts";
import type { Gate } from "./network.ts";
import { detachLoops } from "./loops.ts";
import { faultOf, FINE, interrupted, noImage, type Outcome, verdict } from "./outcome.ts";
import type { Root } from "./root.ts";
import { openSandbox, type Sandbox } from "./sandbox.ts";

/** What a build needs of the machine it runs on. */
export interface Machine {
  /** Where builds have their directories. */
  readonly dir: string;
  readonly s3Port: number;
  readonly roots: (image: string) => Promise<Root | undefined>;
  readonly environmentFor: (project: Project) => Readonly<Record<string, string>>;
  readonly gate: () => Promise<Gate>;
  readonly cage: (name: string) => Cage | undefined;
}

interface Work {
  readonly journal: Journal;
  readonly project: Project;
  readonly machine: Machine;
  /** Its reason is an `Interruption`. */
  readonly signal: AbortSignal;
}

/** A build under way: `phase` runs one phase and tells whether it passed. */
interface Course extends Work {
  readonly dir: string;
  readonly cage: Cage | undefined;
  readonly phase: (type: string, run: () => Promise<Outcome>) => Promise<boolean>;
}

/** Runs a build from its first phase to the last and writes it all down in the journal. */
export async function runBuild(work: Work): Promise<void> {
  const { journal, machine, signal } = work;
  const name = journal.build().logs.streamName;
  const dir = path.join(machine.dir, name);
  const cage = machine.cage(name);
  const outcomes: Outcome[] = [];
  const phase: Course["phase"] = async (type, run) => {
    const outcome = await onePhase(work, type, run);
    outcomes.push(outcome);
    return outcome.status === "SUCCEEDED";
  };
  try {
    journal.begin();
    await allPhases({ ...work, dir, cage, phase });
  } finally {
    await detachLoops(dir);
    await cage?.remove();
    await rm(dir, { recursive: true, force: true });
  }
  if (signal.reason !== "CLOSED") journal.complete(verdict(outcomes));
}

async function allPhases(course: Course): Promise<void> {
  const { journal, signal, phase } = course;
  await phase("SUBMITTED", async () => FINE);
  await phase("QUEUED", async () => FINE);
  const { spec, complaint } = read(journal.build().source.buildspec);
  let sandbox: Sandbox | undefined;
  const stop = (): void => sandbox?.kill();
  signal.addEventListener("abort", stop);
  try {
    const provided = await phase("PROVISIONING", async () => {
      const { image } = journal.build().environment;
      // A root can take minutes to make, and nobody who stops the build waits for that.
      const root = await Promise.race([course.machine.roots(image), aborted(signal)]);
      if (signal.aborted) return FINE;
      if (!root) return noImage(image);
      if (spec) sandbox = await open(course, root, spec);
      if (signal.aborted) stop();
      return FINE;
    });
    const known = provided && (await phase("DOWNLOAD_SOURCE", async () => complaint ?? FINE));
    if (known && spec && sandbox) await specPhases(course, spec, sandbox);
    if (!signal.aborted) await phase("FINALIZING", async () => FINE);
  } finally {
    stop();
    await sandbox?.gone;
  }
}

/** The phases of the buildspec: one that fails ends the build, but after BUILD comes POST_BUILD all the same. */
async function specPhases(course: Course, spec: Buildspec, sandbox: Sandbox): Promise<void> {
  const { journal, signal, phase } = course;
  let succeeding = true;
  let built = false;
  for (const name of PHASES) {
    const content = spec.phases?.[name] ?? undefined;
    const at = { journal, sandbox, signal, succeeding };
    const passed = await phase(name.toUpperCase(), () => runCommands(content, at));
    if (signal.aborted) return;
    succeeding &&= passed;
    built ||= name === "build";
    if (!passed && !goesOn(name, content?.["on-failure"])) break;
  }
  await exportVariables(spec, { journal, sandbox, signal, succeeding });
  if (!built) return;
  // No process of the build is left that could change a file while it is read.
  sandbox.kill();
  await sandbox.gone;
  const from = path.join(course.dir, "src");
  await phase("UPLOAD_ARTIFACTS", () => uploadArtifacts({ ...course, spec, from }));
}

const goesOn = (phase: string, onFailure: "ABORT" | "CONTINUE" | undefined): boolean =>
  onFailure === undefined ? phase === "build" : onFailure === "CONTINUE";

/** Phases before the container is there leave no line in the log. */
const SILENT = new Set(["SUBMITTED", "QUEUED", "PROVISIONING"]);

async function onePhase(
  { journal, signal }: Work,
  type: string,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  journal.enter(type);
  if (!SILENT.has(type))
    journal.say(type === "DOWNLOAD_SOURCE" ? `Phase is ${type}` : `Entering phase ${type}`);
  const ended = await run().catch(faultOf);
  if (signal.reason === "CLOSED") return ended;
  const outcome = signal.aborted ? interrupted(signal) : ended;
  if (!SILENT.has(type) || outcome !== FINE) {
    journal.say(`Phase complete: ${type} State: ${outcome.status}`);
    journal.say(`Phase context status code: ${outcome.code} Message: ${outcome.message}`);
  }
  journal.leave(outcome);
  return outcome;
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined));
  });

function read(text: string): { spec?: Buildspec; complaint?: Outcome } {
  try {
    return { spec: readBuildspec(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { complaint: { status: "FAILED", code: "YAML_FILE_ERROR", message } };
  }
}

async function open(
  { journal, project, machine, dir, cage }: Course,
  root: Root,
  spec: Buildspec,
): Promise<Sandbox> {
  const build = journal.build();
  return await openSandbox({
    root,
    dir,
    cage,
    shell: spec.env?.shell.includes("bash") ? "bash" : "sh",
    environment: buildEnvironment({ build, spec, root, role: machine.environmentFor(project) }),
    gate: build.vpcConfig && (await machine.gate()),
    // A root of another architecture is emulated without any powers.
    privileged: build.environment.privilegedMode === true && root.kind === "host",
  });
}
