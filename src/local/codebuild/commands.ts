import type { Buildspec, PhaseSpec } from "./buildspec.ts";
import type { Journal } from "./journal.ts";
import { FINE, type Outcome } from "./outcome.ts";
import type { Sandbox } from "./sandbox.ts";

/** A build's shell and what is known when a command starts in it. */
export interface AtShell {
  readonly journal: Journal;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  /** CODEBUILD_BUILD_SUCCEEDING. */
  readonly succeeding: boolean;
}

/** Runs a phase: its commands up to the first that fails, then those of `finally` in any case. */
export async function runCommands(content: PhaseSpec | undefined, at: AtShell): Promise<Outcome> {
  const main = await runBlock(content?.commands ?? [], at);
  const last = await runBlock(content?.finally ?? [], at);
  return main === FINE ? last : main;
}

async function runBlock(list: readonly string[], at: AtShell): Promise<Outcome> {
  for (const command of list) {
    const outcome = at.signal.aborted ? FINE : await runCommand(command, at);
    if (outcome !== FINE) return outcome;
  }
  return FINE;
}

async function runCommand(command: string, { journal, sandbox, succeeding }: AtShell): Promise<Outcome> {
  journal.say(`Running command ${command}`);
  const status = await sandbox.run({ command, succeeding, onText: journal.output });
  journal.endOutput();
  if (status === 0) return FINE;
  journal.say(`Command did not exit successfully ${command} exit status ${status}`);
  const message = `Error while executing command: ${command}. Reason: exit status ${status}`;
  return { status: "FAILED", code: "COMMAND_EXECUTION_ERROR", message };
}

/** Reads what the buildspec exports out of the shell. Variables of AWS's own are not given away. */
export async function exportVariables(
  spec: Buildspec,
  { journal, sandbox, succeeding }: AtShell,
): Promise<void> {
  const wanted = spec.env?.["exported-variables"] ?? [];
  const names = wanted.filter((name) => /^(?!AWS_)[A-Za-z_]\w*$/.test(name));
  if (names.length === 0) return;
  let text = "";
  const command = names.map((name) => `printf '%s\\0' "\${${name}-}"`).join("\n");
  await sandbox.run({ command, succeeding, onText: (more) => (text += more) });
  const values = text.split("\0");
  journal.exported(names.map((name, index) => ({ name, value: values[index] ?? "" })));
}
