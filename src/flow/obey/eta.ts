import { eta } from "../../bot/words/eta.ts";
import type { Run } from "../../pipelines/run.ts";
import { type AheadPorts, lookAhead } from "../tell/look-ahead.ts";

/** `/eta`: what is waited for, and about how long. */
export const askEta = async (ports: AheadPorts, run: Run): Promise<string> =>
  eta(run, await lookAhead(ports, run));
