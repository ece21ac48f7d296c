import { type BootTimes, bootTimes, tailOf } from "./times.ts";
import type { Booted } from "./booted.ts";

/** What a check left: its facts, and what the consoles said. */
export interface Heard {
  readonly facts: Readonly<Record<string, string>>;
  readonly first: string;
  /** Of the second boot, if there was one. */
  readonly warm: string | undefined;
}

/** How an image came up, or what was missed; `lines` are the last of that console. */
export type CameUp =
  | Omit<Booted, "over" | "before">
  | { readonly missed: "login" | "warm login" | "ok"; readonly lines: readonly string[] }
  | { readonly missed: "wish"; readonly complaint: string };

/** Did an image come up? What listens to it does not judge; that is done here. */
export function cameUp({ facts, first: log, warm: second }: Heard): CameUp {
  const first = bootTimes(log);
  const missed = missedIn(first, facts["test unit"] === "yes");
  if (first.complaint !== undefined) return { missed: "wish", complaint: first.complaint };
  if (missed) return { missed, lines: tailOf(log, TAIL) };
  const warm = second === undefined ? undefined : bootTimes(second).reached;
  if (second !== undefined && warm?.login === undefined)
    return { missed: "warm login", lines: tailOf(second, TAIL) };
  const { reached, slowest, startup } = first;
  return {
    accelerator: facts["accelerator"] ?? "",
    machine: facts["machine"] ?? "",
    first: reached,
    slowest,
    ...(warm && { warm }),
    ...(startup && { startup: startup.total }),
  };
}

const TAIL = 20;

function missedIn({ reached }: BootTimes, isOkAwaited: boolean): "login" | "ok" | undefined {
  if (reached.login === undefined) return "login";
  return isOkAwaited && reached.ok === undefined ? "ok" : undefined;
}
