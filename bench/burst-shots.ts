import { Agent, request } from "node:http";
import { delivery } from "./delivery.ts";

/** One webhook of the burst: a new one, one that comes again under its GUID, or one that a stranger signed. */
export interface Shot {
  readonly kind: "new" | "again" | "forged";
  readonly guid: string;
  readonly bytes: number;
}

export interface Answered extends Shot {
  readonly status: number;
  readonly ms: number;
}

const BYTES = 20_000;
const MIB = 1_048_576;

/** Of a hundred: 75 new ones (one of 1 MiB), 20 that come again (at once or much later), 5 forged. */
export function shots(count: number): readonly Shot[] {
  const seen: Shot[] = [];
  return Array.from({ length: count }, (_, i): Shot => {
    const guid = `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`;
    if (i % 20 === 7) return { kind: "forged", guid, bytes: BYTES };
    const earlier = i % 2 === 0 ? seen.at(-1) : seen[Math.floor(seen.length / 2)];
    if (i % 5 === 4 && earlier) return { ...earlier, kind: "again" };
    const shot: Shot = { kind: "new", guid, bytes: i % 100 === 50 ? MIB : BYTES };
    seen.push(shot);
    return shot;
  });
}

/** Posts them all, so many at once, and gives each with its answer. */
export async function fire(
  all: readonly Shot[],
  { url, secret, atOnce }: { readonly url: string; readonly secret: string; readonly atOnce: number },
): Promise<readonly Answered[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const left = all.values();
  const answered: Answered[] = [];
  const gun = async () => {
    for (const shot of left) {
      const made = delivery({ ...shot, secret: shot.kind === "forged" ? "a stranger's" : secret });
      const start = performance.now();
      const status = await post(url, made, agent);
      answered.push({ ...shot, status, ms: performance.now() - start });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, gun));
  agent.destroy();
  return answered;
}

function post(url: string, { headers, body }: ReturnType<typeof delivery>, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = { ...headers, "content-length": Buffer.byteLength(body) };
    const call = request(url, { method: "POST", agent, headers: sent }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
      answer.on("error", reject);
    });
    call.on("error", reject);
    call.end(body);
  });
}
