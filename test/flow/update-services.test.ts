import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { decideEvent } from "../../src/flow/decide/event.ts";
import { resultsPrefix } from "../../src/pipelines/stage.ts";
import { asked } from "./release-world.ts";
import { repo, SHA, type World, world } from "./world.ts";

const SPEC = `Name: greet
Version: 1.0.0
Release: 3%{?dist}
Source0: greet-%{version}.tar.xz
`;
const SERVICE = `<services><service name="obs_scm" mode="manual"><param name="url">https://github.com/upstream/greet.git</param><param name="scm">git</param><param name="revision">v1.0.0</param></service></services>\n`;
const BRANCH = "millwright/update/greet";
const STAGE = "source/update:greet";

const headOf = (made: World): string => made.github.branches.get(BRANCH)?.sha ?? "";
const bodyOf = (made: World): string => made.github.proposed.get(100)?.body ?? "";
const commits = (made: World): readonly string[] =>
  made.github.writes.filter((line) => line.startsWith("writeCommit"));
const idOf = (sha: string): string => `1/pull/100/${sha}`;

/** An update was asked for whose `_service` has work; its pull request is decided. */
async function proposed(): Promise<{ readonly made: World; readonly head: string; readonly id: string }> {
  const made = world();
  const { files } = made.github;
  files.set(".millwright.yml", "updates: true\n");
  files.set("pkg/greet.spec", SPEC);
  files.set("pkg/_service", SERVICE);
  made.github.state.paths = ["pkg/greet.spec", "pkg/_service"];
  made.github.state.changed = ["pkg/greet.spec"];
  made.github.branches.set("main", { sha: SHA, isProtected: true });
  made.github.pulls.set(7, made.github.pullOf({ number: 7, sha: SHA }));
  await asked(made, "/update 1.1.0");
  await made.decide({ kind: "pull-changed", repo, number: 100 });
  const head = headOf(made);
  await made.dispatch("source-untrusted");
  return { made, head, id: idOf(head) };
}

const sum = (text: string): string => createHash("sha256").update(text).digest("hex");

type Left = Readonly<Record<string, string>>;

/** What the services left, with their list. */
const listing = (files: Left, gone: readonly string[] = []): Left => ({
  ...Object.fromEntries(Object.values(files).map((text, at) => [`file-${at}`, text])),
  "update.json": JSON.stringify({
    v: 1,
    files: Object.keys(files).map((name, at) => ({ name, content: `file-${at}` })),
    gone,
  }),
});

/** The stage ends with these files, and what it asks for is heard. */
async function ends({ made, id }: Pick<Awaited<ReturnType<typeof proposed>>, "made" | "id">, left?: Left) {
  const stage = await made.stage(id, STAGE);
  const prefix = resultsPrefix({ run: id, stage: STAGE, attempt: stage.attempt });
  for (const [name, text] of Object.entries(left ?? {})) await made.ports.blobs.put(prefix + name, text);
  const sums = Object.entries(left ?? {}).map(([name, text]) => `${sum(text)}  ${name}\n`);
  if (left) await made.ports.blobs.put(`${prefix}SHA256SUMS`, sums.join(""));
  made.builder.end(stage.build ?? "", left ? "SUCCEEDED" : "FAILED");
  await made.track(stage.build ?? "");
}

/** Everything that asks for a commit of what services made is heard, once more too. */
async function hear(made: World): Promise<number> {
  const told = made.ports.events.sent.filter((message) => "update" in message);
  for (const message of told) await decideEvent(made.ports)(message);
  return told.length;
}

test("services for updates run before the sources are collected, with the texts of the version before", async () => {
  const { made, id } = await proposed();
  expect(bodyOf(made)).toContain("Services that run for updates only (`obs_scm`) run now.");
  expect(bodyOf(made)).not.toContain("Left to do");
  expect(made.builder.orders.map(({ attempt }) => attempt)).toEqual([`${id}#${STAGE}#1`]);
  const kept = [...made.ports.blobs.all].find(([key]) => key.startsWith(`manifests/results/${id}/${STAGE}`));
  const manifest = JSON.parse(new TextDecoder().decode(kept?.[1])) as Record<string, unknown>;
  expect(manifest).toMatchObject({
    head: headOf(made),
    recipe: { name: "greet", path: "pkg/greet.spec" },
    update: { spec: SPEC, service: SERVICE },
  });
  expect(manifest).not.toHaveProperty("base");
});

test("what they made is committed to the branch, and that commit is built like any other", async () => {
  const of = await proposed();
  await ends(of, listing({ "greet-1.1.0.tar.xz": "new", "greet.spec": "spec" }, ["greet-1.0.0.tar.xz"]));
  await hear(of.made);
  const { made, head } = of;
  const now = headOf(made);
  expect(now).not.toBe(head);
  const at = (path: string) => made.github.filesAt.get(`${now} ${path}`);
  expect([at("pkg/greet-1.1.0.tar.xz"), at("pkg/greet.spec")]).toEqual(["new", "spec"]);
  expect(made.github.removed).toEqual([`${now} pkg/greet-1.0.0.tar.xz`]);
  expect(bodyOf(made)).not.toContain("Left to do");
  await made.decide({ kind: "pull-changed", repo, number: 100 });
  const run = await made.run(idOf(now));
  expect(run.leave).toEqual({ rule: "ownUpdate" });
  expect(run.stages[0]).toMatchObject({ name: "source/greet", state: "ready" });
  expect((await made.stage(of.id, "source/greet")).state).toBe("cancelled");
});

test("heard again, after a crash or by the sweep, nothing is committed twice", async () => {
  const of = await proposed();
  await ends(of, listing({ "greet-1.1.0.tar.xz": "new" }));
  await of.made.sweep();
  expect(await hear(of.made)).toBe(2);
  await hear(of.made);
  expect(commits(of.made)).toHaveLength(2);
  expect(await asked(of.made, "/update 1.1.0")).toContain("is proposed in #100 already");
});

test("a crash between the commit and the branch is healed when the message comes again", async () => {
  const of = await proposed();
  await ends(of, listing({ "greet-1.1.0.tar.xz": "new" }));
  const ports = of.made.ports;
  const dying = {
    ...ports,
    github: { ...ports.github, propose: () => Promise.reject(new Error("the door died")) },
  };
  await expect(hear({ ...of.made, ports: dying })).rejects.toThrow("the door died");
  expect(headOf(of.made)).toBe(of.head);
  await hear(of.made);
  expect(of.made.github.filesAt.get(`${headOf(of.made)} pkg/greet-1.1.0.tar.xz`)).toBe("new");
});

test("a branch that somebody pushed to meanwhile, and a pull request that was closed, are left alone", async () => {
  const pushed = await proposed();
  pushed.made.github.branches.set(BRANCH, { sha: "f".repeat(40), isProtected: false });
  const closed = await proposed();
  const pull = closed.made.github.pulls.get(100)!;
  closed.made.github.pulls.set(100, { ...pull, isOpen: false });
  for (const of of [pushed, closed]) {
    await ends(of, listing({ "greet-1.1.0.tar.xz": "new" }));
    await hear(of.made);
    expect(commits(of.made)).toHaveLength(1);
  }
  expect(headOf(pushed.made)).toBe("f".repeat(40));
});

test("services that fail are told with their line, and what is there is built without them", async () => {
  const of = await proposed();
  const line = "pkg/_service:1: https://github.com/upstream/greet.git has no v1.1.0.";
  const { build = "" } = await of.made.stage(of.id, STAGE);
  of.made.builder.logs.set(build, `millwright: refused: ${line}\n`);
  await ends(of);
  await hear(of.made);
  expect(bodyOf(of.made)).toContain(line);
  expect(bodyOf(of.made)).toContain("were not run; run them and push their result to this branch.");
  expect(headOf(of.made)).toBe(of.head);
  expect(await of.made.stage(of.id, "source/greet")).toMatchObject({ state: "ready" });
});

test("where they change nothing, nothing is committed and nothing is left to do", async () => {
  const of = await proposed();
  await ends(of, listing({}));
  await hear(of.made);
  expect([commits(of.made).length, headOf(of.made)]).toEqual([1, of.head]);
  expect(bodyOf(of.made)).not.toContain("Left to do");
  expect(await of.made.stage(of.id, "source/greet")).toMatchObject({ state: "ready" });
});

test.each([
  ["a path", listing({ "../x": "new" })],
  ["a hidden file", listing({ ".millwright.yml": "new" })],
  ["another spec", listing({ "other.spec": "new" })],
  ["a spec that goes", listing({}, ["greet.spec"])],
  ["a file that is not there", { "update.json": '{"v":1,"files":[{"name":"a","content":"b"}],"gone":[]}' }],
  ["no list", { "file-0": "x" }],
])("%s among what they made is not committed, and it is said", async (_what, left) => {
  const of = await proposed();
  await ends(of, left);
  await hear(of.made);
  expect(commits(of.made)).toHaveLength(1);
  expect(bodyOf(of.made)).toContain("It left what is not committed");
});

test("content that is another than its digest in the record is not committed", async () => {
  const of = await proposed();
  await ends(of, listing({ "greet-1.1.0.tar.xz": "new" }));
  const prefix = resultsPrefix({ run: of.id, stage: STAGE, attempt: 1 });
  await of.made.ports.blobs.put(`${prefix}file-0`, "evil");
  await hear(of.made);
  expect(commits(of.made)).toHaveLength(1);
});
