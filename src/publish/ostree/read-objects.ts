import { hash } from "node:crypto";
import { Agent, get } from "node:http";
import type { IncomingMessage } from "node:http";
import { Agent as SecureAgent, get as getSecurely } from "node:https";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";

/** Reads objects at their public address and throws unless each is there as it was written. */
export interface Reader extends Disposable {
  /** `sha256` in hex, of what was written at `key`. */
  expect(key: string, sha256: string): Promise<void>;
}

const ATTEMPTS = 4;
const PATIENCE = 60_000;
const WIDTH = 64;

/** Reads below an address, as clients of ostree do: without credentials, a `+` as it is, over connections that stay open. */
export function openReader(url: string): Reader {
  const secure = url.startsWith("https:");
  const options = { keepAlive: true, maxSockets: WIDTH, timeout: PATIENCE };
  const agent = secure ? new SecureAgent(options) : new Agent(options);
  const ask = (address: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const asked = (secure ? getSecurely : get)(address, { agent }, resolve);
      asked.on("error", reject).on("timeout", () => asked.destroy(new Error(`${address} does not answer.`)));
    });
  const once = async (address: string): Promise<string | number> => {
    const answer = await ask(address);
    const body = await buffer(answer);
    return answer.statusCode === 200 ? hash("sha256", body) : (answer.statusCode ?? 0);
  };
  return {
    async expect(key, sha256) {
      const address = `${url}/${key}`;
      for (let attempt = 1; ; attempt += 1) {
        const found = await once(address).catch((error: unknown) => error);
        if (found === sha256) return;
        if (attempt === ATTEMPTS || (typeof found === "number" && found < 500)) throw wrong(address, found);
        await setTimeout(100 * 2 ** attempt);
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

function wrong(address: string, found: unknown): Error {
  if (typeof found === "string") return new Error(`${address} is not the object that was put there.`);
  if (typeof found === "number")
    return new Error(`${address} was put there, and reading it back was answered with ${found}.`);
  return new Error(`${address} was put there, and cannot be read back.`, { cause: found });
}
