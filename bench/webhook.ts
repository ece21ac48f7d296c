import { execFile, fork } from "node:child_process";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { REQUIRE } from "../serverless/tools.ts";
import { bundleAsDeployed } from "./bundle.ts";
import { delivery, urlEvent } from "./delivery.ts";
import { median, quantile, table } from "./numbers.ts";

const ROUNDS = 11;
const BODY_BYTES = 20_000;
const SECRET = "a secret of the bench";
const LOADER = fileURLToPath(new URL("first-event.ts", import.meta.url));

/** `writes`: how often a delivery is stored or sent before it is answered. */
const DOORS = [
  { name: "millwright", entry: "src/handlers/receive-webhook.ts", writes: 2 },
  { name: "probot", entry: "bench/rivals/probot.ts", writes: 1, banner: REQUIRE, goal: 15 },
  { name: "runner", entry: "bench/rivals/runner.ts", writes: 1, banner: REQUIRE, goal: 5 },
  { name: "floor", entry: "bench/rivals/floor.ts", writes: 2 },
] as const;

interface Contender {
  readonly name: string;
  readonly file: string;
  readonly writes: number;
  readonly goal: number | undefined;
  readonly bytes: number;
  readonly gzip: number;
  readonly runs: Run[];
}

/** Of one fresh process, from the loader's first line to the answer: wall and CPU in milliseconds. */
interface Run {
  readonly statusCode: number;
  readonly ms: number;
  readonly cpu: number;
}

/** Import and first event in fresh processes, the contenders in turn. Gives what went wrong. */
export async function webhook(): Promise<readonly string[]> {
  const dir = await mkdtemp(path.join(tmpdir(), "bench-webhook-"));
  const sinks = fork(fileURLToPath(new URL("sinks.ts", import.meta.url)));
  try {
    const [{ port }] = (await once(sinks, "message")) as [{ port: number }];
    const env = environment(`http://127.0.0.1:${port}`);
    const loader = path.join(dir, "first-event.mjs");
    await writeFile(loader, (await bundleAsDeployed(LOADER)).code);
    const contenders = await Promise.all(DOORS.map((door) => build(door, dir)));
    // The first round is not counted: it reads the files from disk.
    const turns = Array.from({ length: ROUNDS + 1 }, () => contenders).flat();
    for (const one of turns) one.runs.push(await firstEvent({ loader, dir, env }, one));
    for (const { runs } of contenders) runs.shift();
    sinks.send("count");
    const [counts] = (await once(sinks, "message")) as [Counts];
    tell(contenders);
    return wrong(contenders, counts);
  } finally {
    sinks.disconnect();
    await rm(dir, { recursive: true });
  }
}

interface Counts {
  readonly stored: number;
  readonly sent: number;
}

async function build(door: (typeof DOORS)[number], dir: string): Promise<Contender> {
  const { code } = await bundleAsDeployed(door.entry, "banner" in door ? door.banner : undefined);
  const file = path.join(dir, `${door.name}.mjs`);
  await writeFile(file, code);
  return {
    name: door.name,
    writes: door.writes,
    goal: "goal" in door ? door.goal : undefined,
    file,
    bytes: code.length,
    gzip: gzipSync(code).length,
    runs: [],
  };
}

async function firstEvent(
  { loader, dir, env }: { loader: string; dir: string; env: Record<string, string> },
  { file }: Contender,
): Promise<Run> {
  const event = path.join(dir, "event.json");
  const made = delivery({ guid: randomUUID(), bytes: BODY_BYTES, secret: SECRET });
  await writeFile(event, JSON.stringify(urlEvent(made)));
  const args = [loader, pathToFileURL(file).href, event];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: dir, env });
  return JSON.parse(stdout) as Run;
}

/** What Lambda's environment holds, as each of the contenders reads it. */
function environment(sinks: string): Record<string, string> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    AWS_SESSION_TOKEN: "token".repeat(150),
    AWS_ENDPOINT_URL_S3: sinks,
    AWS_ENDPOINT_URL_SQS: sinks,
    DELIVERIES_BUCKET: "state",
    EVENTS_QUEUE_URL: `${sinks}/000000000000/events`,
    WEBHOOK_SECRET: SECRET,
    APP_ID: "1",
    PRIVATE_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

const ms = (numbers: readonly number[]): string =>
  `${median(numbers).toFixed(1)} (${quantile(numbers, 0).toFixed(0)}-${quantile(numbers, 1).toFixed(0)})`;

function tell(contenders: readonly Contender[]): void {
  const [ours] = contenders;
  if (!ours) return;
  console.log(
    `import and first event (${BODY_BYTES} bytes, signed), ${ROUNDS} fresh processes each, in turn:\n`,
  );
  const head = [
    "",
    "writes",
    "bundle",
    "gzip",
    "ms (min-max)",
    "CPU ms (min-max)",
    "ratio",
    "CPU ratio",
    "goal",
  ];
  const rows = contenders.map(({ name, writes, bytes, gzip, runs, goal }) => [
    name,
    String(writes),
    String(bytes),
    String(gzip),
    ms(runs.map((run) => run.ms)),
    ms(runs.map((run) => run.cpu)),
    `${ratio(runs, ours.runs, (run) => run.ms)}x`,
    `${ratio(runs, ours.runs, (run) => run.cpu)}x`,
    goal === undefined ? "" : `${goal}x`,
  ]);
  console.log(table([head, ...rows]));
}

/** The median of the ratios of each round: what disturbs the machine disturbs a round as a whole. */
const ratio = (theirs: readonly Run[], ours: readonly Run[], of: (run: Run) => number): string =>
  median(theirs.map((run, round) => of(run) / of(ours[round] ?? run))).toFixed(1);

function wrong(contenders: readonly Contender[], { stored, sent }: Counts): string[] {
  const refused = contenders.flatMap(({ name, runs }) =>
    runs
      .filter(({ statusCode }) => statusCode >= 300)
      .map(({ statusCode }) => `${name} answered ${statusCode}`),
  );
  const rounds = ROUNDS + 1;
  const writers = contenders.filter(({ writes }) => writes === 2).length;
  if (stored !== rounds * writers) refused.push(`${stored} of ${rounds * writers} deliveries were stored`);
  const all = rounds * contenders.length;
  if (sent !== all) refused.push(`${sent} of ${all} events were sent`);
  return refused;
}
