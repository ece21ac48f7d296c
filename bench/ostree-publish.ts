import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { REQUIRE, toolOf } from "../serverless/tools.ts";
import { bundleAsDeployed } from "./bundle.ts";
import { costOf } from "./child-cost.ts";
import type { Cost } from "./child-cost.ts";
import { median, table } from "./numbers.ts";
import { rivalsHere } from "./ostree-rivals.ts";
import type { Rival } from "./ostree-rivals.ts";
import { openSink } from "./ostree-sink.ts";
import { makeTree } from "./ostree-tree.ts";

const ROUNDS = 3;
const REF = "bench/x86_64";
const OURS = "ours";
/** How many times less CPU than rclone, and than an archive's commit with a sync. */
const GOALS = { first: 7, next: 20, whole: 8 };
/** Requests beside new objects: config, ref, the moves of pointers, summary and its signature, and the commit’s signature. */
const CONSTANT = 16;

type Requests = Readonly<Record<string, number>>;
interface Turn extends Cost {
  readonly requests: Requests;
}

const ABOUT = `A tree of 28,000 files in 3,500 folders, then one in which every hundredth file differs, is published to an S3 that
counts and forgets; it runs in the process of the bench and its CPU is not counted. Rivals copy an archive repository that
was made for them. Ours is given the same archive; then a bare-user-only repository, which it packs by itself: that is what
it is made for, and "from a changed root" counts the commit too. rclone has 64 transfers and --fast-list.
`;

/** First and incremental publications of a tree, beside tools that copy files. Gives what went wrong. */
export async function ostreePublish(): Promise<readonly string[]> {
  const rivals = rivalsHere();
  if (!rivals.some(({ name }) => name === "rclone"))
    return ["rclone is not installed: apt-get install rclone"];
  const dir = await mkdtemp(join(tmpdir(), "bench-ostree-"));
  try {
    console.log(ABOUT);
    return await measure(dir, rivals);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function measure(dir: string, rivals: readonly Rival[]): Promise<readonly string[]> {
  await using sink = await openSink();
  const wrong: string[] = [];
  const programs = await programsIn(dir);
  const world = worldOf(sink.url);
  const turn = async (argv: readonly string[]): Promise<Turn & { readonly output: string }> => {
    sink.counts();
    const cost = await costOf(argv, world);
    return { ...cost, requests: sink.counts() };
  };
  const push = async (repo: string, commit: string, prefix: string) => {
    const made = await turn([
      process.execPath,
      programs.push,
      join(dir, repo),
      REF,
      commit,
      prefix,
      join(dir, "key.pem"),
    ]);
    const { fresh } = JSON.parse(made.output) as { readonly fresh: number };
    wrong.push(...requestsWrong(made.requests, fresh));
    return { ...made, fresh };
  };
  const sync = (rival: Rival, repo: string, prefix: string) =>
    turn(rival.argv({ dir: join(dir, repo), prefix: `${prefix}/ostree`, url: sink.url }));

  await makeTree(join(dir, "tree"), 1);
  const begun = { archive: await commit(dir, 1), bare: await commitOurs(dir, programs.commit, 1) };
  const first = new Map<string, Turn[]>();
  const next = new Map<string, Turn[]>();
  const note = (into: Map<string, Turn[]>, who: string, one: Turn) =>
    void into.set(who, [...(into.get(who) ?? []), one]);
  for (let round = 0; round < ROUNDS; round += 1) {
    const made = await push("archive", begun.archive.sum, `ours-${round}`);
    note(first, OURS, made);
    if (round === 0) console.log(`${made.fresh} objects\n`);
    for (const rival of rivals.filter(({ rounds }) => round < rounds))
      note(first, rival.name, await sync(rival, "archive", `${rival.name}-${round}`));
  }
  const packed = await push("bare", begun.bare.sum, "packed");
  tell("first publication", first, GOALS.first);
  console.log(
    `\nfrom bare-user-only, packed on the way: ${seconds(packed.cpu)} CPU s, ${seconds(packed.wall)} s\n`,
  );

  await makeTree(join(dir, "tree"), 2);
  const then = { archive: await commit(dir, 2), bare: await commitOurs(dir, programs.commit, 2) };
  for (let round = 0; round < ROUNDS; round += 1) {
    const made = await push("archive", then.archive.sum, `ours-${round}`);
    note(next, OURS, made);
    if (round === 0) console.log(`1 % changed: ${made.fresh} objects\n`);
    for (const rival of rivals.filter(({ rounds }) => round < rounds))
      note(next, rival.name, await sync(rival, "archive", `${rival.name}-${round}`));
  }
  const bare = await push("bare", then.bare.sum, "packed");
  tell("1 % changed", next, GOALS.next);
  const theirs = then.archive.cost.cpu + median((next.get("rclone") ?? []).map(({ cpu }) => cpu));
  const ours = then.bare.cost.cpu + bare.cpu;
  console.log(`
from a changed root to a visible ref: archive commit and rclone ${seconds(theirs)} CPU s, our commit into bare-user-only and its publication ${seconds(ours)}
(of it ${seconds(then.bare.cost.cpu)} for the commit): ${(theirs / ours).toFixed(1)}x, goal ${GOALS.whole}x`);
  wrong.push(...contentWrong(sink.objects));
  return wrong;
}

async function commit(dir: string, day: number) {
  const place = join(dir, "archive");
  if (day === 1) {
    await costOf(["ostree", "init", `--repo=${place}`, "--mode=archive"]);
    await costOf(["ostree", "config", `--repo=${place}`, "set", "core.fsync", "false"]);
  }
  const options = ["--canonical-permissions", "--no-xattrs", `--timestamp=2026-03-0${day}T00:00:00Z`];
  const argv = ["ostree", "commit", `--repo=${place}`, `--branch=${REF}`, ...options];
  const cost = await costOf([...argv, `--tree=dir=${join(dir, "tree")}`]);
  return { sum: cost.output.trim(), cost };
}

/** The same by our own program. */
async function commitOurs(dir: string, program: string, day: number) {
  const place = join(dir, "bare");
  if (day === 1) await costOf(["ostree", "init", `--repo=${place}`, "--mode=bare-user-only"]);
  const argv = [process.execPath, program, place, join(dir, "tree"), REF, `2026-03-0${day}T00:00:00Z`];
  const cost = await costOf(argv);
  return { sum: cost.output.trim(), cost };
}

async function programsIn(dir: string) {
  const push = join(dir, "push.mjs");
  const commit = join(dir, "commit.mjs");
  const source = fileURLToPath(new URL("ostree-push.ts", import.meta.url));
  await writeFile(push, (await bundleAsDeployed(source, REQUIRE)).code);
  await writeFile(commit, (await toolOf("commit"))?.body ?? "");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 4096 });
  await writeFile(join(dir, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  return { push, commit };
}

const worldOf = (url: string): Readonly<Record<string, string | undefined>> => ({
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "AKIDBENCH",
  AWS_SECRET_ACCESS_KEY: "secret of the bench",
  AWS_ENDPOINT_URL_S3: url,
});

function requestsWrong(requests: Requests, fresh: number): readonly string[] {
  const { LIST = 0, HEAD = 0 } = requests;
  const all = Object.values(requests).reduce((sum, count) => sum + count, 0);
  return [
    ...(LIST + HEAD > 0 ? [`${LIST} LIST and ${HEAD} HEAD`] : []),
    ...(all - fresh > CONSTANT ? [`${all} requests for ${fresh} objects`] : []),
  ];
}

/** All objects that rclone brought are where ours brought them too, byte by byte. */
function contentWrong(objects: ReadonlyMap<string, { readonly etag: string }>): readonly string[] {
  return [...objects].flatMap(([key, { etag }]) => {
    const [prefix = "", ...rest] = key.split("/");
    if (prefix !== "rclone-0" || !rest.join("/").startsWith("ostree/objects/")) return [];
    return objects.get(["ours-0", ...rest].join("/"))?.etag === etag
      ? []
      : [`${key} is not where ours brought it`];
  });
}

const seconds = (ms: number): string => (ms / 1000).toFixed(2);

function tell(what: string, turns: ReadonlyMap<string, readonly Turn[]>, goal: number): void {
  const ours = turns.get(OURS) ?? [];
  const of = (all: readonly Turn[], key: "cpu" | "wall") => median(all.map((one) => one[key]));
  const ratio = (all: readonly Turn[], key: "cpu" | "wall") =>
    median(all.map((one, round) => one[key] / (ours[round]?.[key] ?? Number.NaN))).toFixed(1);
  const rows = [...turns].map(([who, all]) => [
    who,
    seconds(of(all, "cpu")),
    seconds(of(all, "wall")),
    `${ratio(all, "cpu")}x`,
    `${ratio(all, "wall")}x`,
    who === "rclone" ? `${goal}x` : "",
    Object.entries(all[0]?.requests ?? {})
      .map(([name, count]) => `${count} ${name}`)
      .join(", "),
  ]);
  console.log(table([[what, "CPU s", "wall s", "CPU ratio", "wall ratio", "goal", "requests"], ...rows]));
}
