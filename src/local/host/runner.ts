/** Runs one door in a process of its own: events come and answers go by IPC. Started by `door.ts`. */
import { pathToFileURL } from "node:url";
import type { Answer, Call } from "./door.ts";

const [file = "", name = "", door = ""] = process.argv.slice(2);

type Handler = (event: unknown, context: unknown) => unknown;

async function load(): Promise<Handler> {
  const module: Record<string, unknown> = await import(pathToFileURL(file).href);
  const handler = module[name];
  if (typeof handler !== "function") throw new Error(`${file} exports no function ${name}.`);
  return async (event, context): Promise<unknown> => await handler(event, context);
}

const loaded = load();
// Told to whoever calls; not an accident of its own.
loaded.catch(() => undefined);

async function answer({ id, event, until }: Call): Promise<Answer> {
  const context = {
    functionName: door,
    awsRequestId: id,
    getRemainingTimeInMillis: () => Math.max(0, until - Date.now()),
  };
  try {
    const handler = await loaded;
    return { id, ok: true, value: (await handler(event, context)) ?? null };
  } catch (error) {
    return { id, ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on("message", (call: Call) => {
  void answer(call).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => process.exit());
