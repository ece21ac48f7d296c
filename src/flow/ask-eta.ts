import type { Run } from "../pipelines/run.ts";
import type { DecidePorts } from "./decide-ports.ts";
import { eta } from "../bot/words/eta.ts";

/** `/eta`: what is waited for, and about how long. */
export async function askEta(_ports: DecidePorts, run: Run): Promise<string> {
  return eta(run);
}
