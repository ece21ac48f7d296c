import type { Mirror } from "../../src/publish/mirror.ts";
import { MOVES } from "../../src/publish/moves.ts";

/** A mirror at which somebody else does something, once, at the last moment before it is written down which pointers move. */
export function meanwhile(other: () => Promise<unknown>): (mirror: Mirror) => Mirror {
  let done = false;
  const first = async (key: string) => {
    if (done || key !== MOVES) return;
    done = true;
    await other();
  };
  return (mirror) => ({
    ...mirror,
    create: async (key, body) => (await first(key), mirror.create(key, body)),
    replace: async (key, body, version) => (await first(key), mirror.replace(key, body, version)),
  });
}
