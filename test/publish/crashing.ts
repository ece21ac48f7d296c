import type { Mirror } from "../../src/publish/mirror.ts";
import type { Signer } from "../../src/ports.ts";
import type { Changes } from "./channel.ts";

type When = "before" | "after";

/** Ends the work at its nth effect (a write to the mirror or a signature): before it happened, or after it but before
 *  anybody heard of it. From then on nothing has an effect any more, as with a process that is gone. */
export function crashing(nth: number, when: When) {
  const seen: string[] = [];
  let gone = false;
  const effect = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    if (gone) throw new Error("crash");
    seen.push(what);
    gone = seen.length === nth;
    if (gone && when === "before") throw new Error("crash");
    const result = await work();
    if (gone) throw new Error("crash");
    return result;
  };
  const through = (mirror: Mirror): Mirror => ({
    ...mirror,
    create: (key, body) => effect(`create ${key}`, () => mirror.create(key, body)),
    replace: (key, body, version) => effect(`replace ${key}`, () => mirror.replace(key, body, version)),
    put: (key, body) => effect(`put ${key}`, () => mirror.put(key, body)),
  });
  const signing = (signer: Signer): Signer => ({
    ...signer,
    sign: (digest) => effect("sign", () => signer.sign(digest)),
  });
  return { changes: { through, signing } satisfies Changes, seen: (): readonly string[] => seen };
}

// What rpmsign says when nobody signs for it.
export const CRASH = /^crash$|^rpmsign failed/;
