import { rm } from "node:fs/promises";
import path from "node:path";
import { uploadArtifacts } from "./artifacts.ts";
import { type Buildspec, PHASES, type PhaseSpec, readBuildspec } from "./buildspec.ts";
import { buildEnvironment } from "./environment.ts";
import { FINE, type Journal, type Outcome } from "./journal.ts";
import type { Cage } from "./limits.ts";
import type { Project, Status } from "./model.ts";
import type { Gate } from "./network.ts";
import type { Root } from "./root.ts";
import { openSandbox, type Sandbox, SOURCE } from "./sandbox.ts";

/** What a build needs of the machine it runs on. */
export interface Machine {
  /** Where builds have their directories. */
  readonly dir: string;
  readonly s3Port: number;
  roots(image: string): Promise<Root | undefined>;
  environmentFor(project: Project): Readonly<Record<string, string>>;
  gate(): Promise<Gate>;
  cage(name: string): Cage | undefined;
}

/** Why a build ends before its time; `CLOSED`: the server does, and will tell of it when it starts again. */
export type Interruption = "STOPPED" | "TIMED_OUT" | "CLOSED";

interface Work {
  readonly journal: Journal;
  readonly project: Project;
  readonly machine: Machine;
  /** Its reason is an `Interruption`. */
  readonly signal: AbortSignal;
  readonly dir: string;
}

/** Runs a build from its first phase to the last and writes it all down in the journal. */
export async function runBuild(work: Omit<Work, "dir">): Promise<void> {
  const { journal, machine } = work;
  const name = journal.build().logs.streamName;
  const dir = path.join(machine.dir, name);
  const cage = machine.cage(name);
  try {
    await allPhases({ ...work, dir }, cage);
  } finally {
    await cage?.remove();
    await rm(dir, { recursive: true, force: true });
  }
}

async function allPhases(work: Work, cage: Cage | undefined): Promise<void> {
  const { journal, signal } = work;
  const outcomes: Outcome[] = [];
  const phase = async (type: string, run: () => Promise<Outcome>): Promise<boolean> => {
    const outcome = await onePhase(work, type, run);
    outcomes.push(outcome);
    return outcome.status === "SUCCEEDED";
  };

  journal.begin();
  await phase("SUBMITTED", async () => FINE);
  await phase("QUEUED", async () => FINE);
  const { spec, complaint } = read(journal.build().source.buildspec);
  let sandbox: Sandbox | undefined;
  const opened = await phase("PROVISIONING", async () => {
    const root = await work.machine.roots(journal.build().environment.image);
    if (!root) return noImage(journal.build().environment.image);
    if (spec) sandbox = await open(work, { root, spec, cage });
    return FINE;
  });
  const stop = (): void => sandbox?.kill();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  try {
    const read = opened && (await phase("DOWNLOAD_SOURCE", async () => complaint ?? FINE));
    if (read && spec && sandbox) await specPhases(work, { spec, sandbox, phase });
    if (!signal.aborted) await phase("FINALIZING", async () => FINE);
  } finally {
    stop();
    await sandbox?.gone;
  }
  if (signal.reason !== "CLOSED") journal.complete(verdict(outcomes));
}

interface Inside {
  readonly spec: Buildspec;
  readonly sandbox: Sandbox;
  phase(type: string, run: () => Promise<Outcome>): Promise<boolean>;
}

/** The phases of the buildspec: one that fails ends the build, but after BUILD comes POST_BUILD all the same. */
async function specPhases(work: Work, { spec, sandbox, phase }: Inside): Promise<void> {
  let succeeding = true;
  let built = false;
  for (const name of PHASES) {
    const content = spec.phases?.[name] ?? undefined;
    const passed = await phase(name.toUpperCase(), () => commands(work, { content, sandbox, succeeding }));
    if (work.signal.aborted) return;
    succeeding &&= passed;
    built ||= name === "build";
    if (!passed && !goesOn(name, content?.["on-failure"])) break;
  }
  await exportVariables(work.journal, { spec, sandbox, succeeding });
  if (built)
    await phase("UPLOAD_ARTIFACTS", () =>
      uploadArtifacts({ ...work, spec, from: path.join(work.dir, "src") }),
    );
}

const goesOn = (phase: string, onFailure: "ABORT" | "CONTINUE" | undefined): boolean =>
  onFailure === undefined ? phase === "build" : onFailure === "CONTINUE";

interface PhaseRun {
  readonly content: PhaseSpec | undefined;
  readonly sandbox: Sandbox;
  readonly succeeding: boolean;
}

/** The commands up to the first that fails, then those of `finally` in any case. */
async function commands(work: Work, { content, sandbox, succeeding }: PhaseRun): Promise<Outcome> {
  const block = async (list: readonly string[]): Promise<Outcome> => {
    for (const command of list) {
      const outcome = work.signal.aborted ? FINE : await one(work.journal, { command, sandbox, succeeding });
      if (outcome !== FINE) return outcome;
    }
    return FINE;
  };
  const main = await block(content?.commands ?? []);
  const last = await block(content?.finally ?? []);
  return main === FINE ? last : main;
}

async function one(
  journal: Journal,
  { command, sandbox, succeeding }: { command: string; sandbox: Sandbox; succeeding: boolean },
): Promise<Outcome> {
  journal.say(`Running command ${command}`);
  const status = await sandbox.run({ command, succeeding, onText: journal.output });
  journal.endOutput();
  if (status === 0) return FINE;
  journal.say(`Command did not exit successfully ${command} exit status ${status}`);
  const message = `Error while executing command: ${command}. Reason: exit status ${status}`;
  return { status: "FAILED", code: "COMMAND_EXECUTION_ERROR", message };
}

async function onePhase(
  { journal, signal }: Work,
  type: string,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  const inside = !["SUBMITTED", "QUEUED", "PROVISIONING"].includes(type);
  journal.enter(type);
  if (inside) journal.say(type === "DOWNLOAD_SOURCE" ? `Phase is ${type}` : `Entering phase ${type}`);
  const ended = await run().catch(faultOf);
  if (signal.reason === "CLOSED") return ended;
  const outcome = signal.aborted ? interrupted(signal.reason as Interruption) : ended;
  if (inside || outcome !== FINE) {
    journal.say(`Phase complete: ${type} State: ${outcome.status}`);
    journal.say(`Phase context status code: ${outcome.code} Message: ${outcome.message}`);
  }
  journal.leave(outcome);
  return outcome;
}

const faultOf = (error: unknown): Outcome => ({
  status: "FAULT",
  code: "INTERNAL_ERROR",
  message: String(error),
});

const interrupted = (why: Interruption): Outcome =>
  why === "TIMED_OUT"
    ? { status: "TIMED_OUT", code: "BUILD_TIMED_OUT", message: "Build has timed out." }
    : { status: "STOPPED", code: "", message: "" };

const noImage = (image: string): Outcome => ({
  status: "FAILED",
  code: "BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE",
  message: `Unable to pull customer's container image. There is no root called ${image} here.`,
});

/** The worst of all phases says how the build ended. */
const verdict = (outcomes: readonly Outcome[]): Status =>
  (["STOPPED", "TIMED_OUT", "FAULT", "FAILED"] as const).find((status) =>
    outcomes.some((outcome) => outcome.status === status),
  ) ?? "SUCCEEDED";

function read(text: string): { spec?: Buildspec; complaint?: Outcome } {
  try {
    return { spec: readBuildspec(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { complaint: { status: "FAILED", code: "YAML_FILE_ERROR", message } };
  }
}

async function open(
  { journal, project, machine, dir }: Work,
  { root, spec, cage }: { root: Root; spec: Buildspec; cage: Cage | undefined },
): Promise<Sandbox> {
  const build = journal.build();
  return await openSandbox({
    root,
    dir,
    cage,
    shell: spec.env?.shell.includes("bash") ? "bash" : "sh",
    environment: buildEnvironment({
      build,
      project,
      spec,
      root,
      role: machine.environmentFor(project),
      source: SOURCE,
    }),
    gate: build.vpcConfig && (await machine.gate()),
  });
}

async function exportVariables(
  journal: Journal,
  { spec, sandbox, succeeding }: { spec: Buildspec; sandbox: Sandbox; succeeding: boolean },
): Promise<void> {
  const names = (spec.env?.["exported-variables"] ?? []).filter((name) =>
    /^(?!AWS_)[A-Za-z_]\w*$/.test(name),
  );
  if (names.length === 0) return;
  let text = "";
  const command = names.map((name) => `printf '%s\\0' "\${${name}-}"`).join("\n");
  await sandbox.run({ command, succeeding, onText: (more) => (text += more) });
  const values = text.split("\0");
  journal.exported(names.map((name, index) => ({ name, value: values[index] ?? "" })));
}
