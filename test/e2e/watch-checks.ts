import { setTimeout as pause } from "node:timers/promises";
import type { Town } from "../../src/cli/town.ts";

/** Looks again and again at the check runs of a commit, as somebody does who keeps the page open. */
export function watchChecks(
  { as, maintainer, owner, repo }: Pick<Town, "as" | "maintainer" | "owner" | "repo">,
  ref: string,
) {
  const { rest } = as(maintainer);
  const states = new Map<string, string[]>();
  const ended = new AbortController();
  const look = async () => {
    const { data } = await rest.checks.listForRef({ owner, repo, ref });
    for (const { name, status, conclusion } of data.check_runs) {
      const known = states.get(name) ?? [];
      const state = conclusion === null ? status : `${status}: ${conclusion}`;
      if (known.at(-1) !== state) known.push(state);
      states.set(name, known);
    }
  };
  const watching = (async () => {
    for (; !ended.signal.aborted; await pause(200)) await look();
    await look();
  })();
  return {
    /** Name of the check run -> its states in their order; filled while time goes by. */
    states,
    end(): Promise<void> {
      ended.abort();
      return watching;
    },
  };
}
