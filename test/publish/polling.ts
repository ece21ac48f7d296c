import { setTimeout } from "node:timers/promises";
import { readAsClient } from "./reader.ts";

interface Client {
  readonly certificate: string;
  readonly bodies?: boolean;
  readonly pause?: number;
}

/** Reads a target again and again as a strict client, until it is stopped; `pause` in milliseconds. */
export function polling(targetUrl: string, { pause = 10, ...client }: Client) {
  const end = new AbortController();
  const states: string[] = [];
  let revision = 0;
  const reading = (async () => {
    while (!end.signal.aborted) {
      const read = await readAsClient(targetUrl, client);
      if (read.revision < revision) throw new Error(`${read.snapshot} is older than what was read before.`);
      ({ revision } = read);
      const names = read.packages.map(({ name }) => name).toSorted();
      if (names.join() !== states.at(-1)) states.push(names.join());
      await setTimeout(pause);
    }
  })();
  // What goes wrong is told when it is stopped.
  reading.catch(() => undefined);
  return {
    /** What was there, one after the other, each as names with commas between; throws if any reading met a mixture. */
    async stop(): Promise<readonly string[]> {
      end.abort();
      await reading;
      return states;
    },
  };
}
