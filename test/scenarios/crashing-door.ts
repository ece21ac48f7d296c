import { readFileSync } from "node:fs";
import { ClientRequest, request } from "node:http";
import { enableCompileCache, flushCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Verdict } from "./conductor.ts";
import type { Effect } from "./effect.ts";

// A real door whose process asks the conductor before each effect, and dies by SIGKILL where it is told to. Effects are
// all that a door does to the world: requests over HTTP that change something. The door itself is not touched.

// The whole environment of a door is the template's; where the conductor is stands beside the door's directory.
const CONDUCTOR = readFileSync("../../../conductor", "utf8");
const door = process.argv[4] ?? "";

// Hundreds of processes start here.
enableCompileCache(join(tmpdir(), "millwright-compile-cache"));

const die = () => process.kill(process.pid, "SIGKILL");

/** A conductor that is gone plays on. */
const ask = (effect: Omit<Effect, "door" | "pid">) =>
  new Promise<Verdict>((resolve) => {
    const call = request(CONDUCTOR, { method: "PUT" }, async (answer) => {
      const said = (await answer.toArray()).join("");
      resolve(Verdict.parse(said));
    });
    call.once("error", () => resolve("go"));
    const told = JSON.stringify({ door, pid: process.pid, ...effect } satisfies Effect);
    Reflect.apply(end, call, [told]);
  });

/** Reads stay as they are: only what is sent to the AWS services as a change is held until the conductor has spoken. */
const CHANGES = /^AmazonSQS\.SendMessage$|\.(Start|Stop)Build$/;
const isChange = (method: string, target: unknown) =>
  typeof target === "string" ? CHANGES.test(target) : method !== "GET" && method !== "HEAD";

// eslint-disable-next-line typescript/unbound-method -- called with the request as `this`, below
const { end } = ClientRequest.prototype;

ClientRequest.prototype.end = function (this: ClientRequest, ...given: unknown[]) {
  const finish = () => Reflect.apply(end, this, given) as ClientRequest;
  if (!isChange(this.method, this.getHeader("x-amz-target"))) return finish();
  const [body] = given;
  const text = typeof body === "string" || Buffer.isBuffer(body) ? body.toString() : "";
  const headers = this.getHeaders();
  const url = `${this.protocol}//${this.host}${this.path}`;
  void ask({ method: this.method, url, headers, body: text }).then((verdict) => {
    if (verdict === "die before") die();
    if (verdict === "die after") this.prependOnceListener("response", die);
    finish();
  });
  return this;
} as typeof end;

const { fetch } = globalThis;
globalThis.fetch = async (input, init) => {
  const asked = new Request(input, init);
  if (!isChange(asked.method, undefined)) return fetch(asked);
  const verdict = await ask({
    method: asked.method,
    url: asked.url,
    headers: {},
    body: await asked.clone().text(),
  });
  if (verdict === "die before") die();
  const answer = await fetch(asked);
  if (verdict === "die after") die();
  return answer;
};

const { handler } = (await import(`../../src/handlers/${door}.ts`)) as { handler: unknown };
flushCompileCache();
export { handler };
