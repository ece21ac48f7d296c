import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allRuns } from "../../src/cli/runs.ts";
import { isClosed } from "../../src/pipelines/next.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { stageOf } from "./mirror.ts";
import { settled, type Settled } from "./settled.ts";
import { whyNoDerived } from "./why-no-derived.ts";

// A disk of a tree's commit on the whole stack: composed, laid out by ostree, booted by qemu, published, and taken by a client.
const skipped = whyNoDerived();
const [owner, repo] = ["maria", "cloud"];
const run = promisify(execFile);
const MINUTES = 12;

const DISK = "image:disk:debian-12-x86_64:qcow2";
const BUILD = "image:disk/debian-12/x86_64/qcow2";
const FILES = {
  ".millwright.yml": [
    'channels:\n  nightly: { branch: main, nightly: "00:00" }',
    "recipes:\n  disk: { tree: os, images: [qcow2], boot: { seconds: 600 } }\n",
  ].join("\n"),
  "os/treefile.yaml":
    "ref: acme/nightly/${basearch}\npackages: [bash, coreutils, grub-pc-bin, kernel, kmod, login, systemd-sysv, udev, util-linux]\n",
};

describe.skipIf(skipped)(`${skipped ?? ""}a disk of a tree`, { timeout: 1_500_000 }, () => {
  let town: Settled;
  let first: Run;

  beforeAll(async () => {
    town = await settled({ owner, repo, files: FILES });
  }, 900_000);
  afterAll(() => town?.close(), 60_000);

  /** The night of this number, when it is over. */
  async function night(number: number): Promise<Run> {
    for (let waited = 0; waited < MINUTES * 60; waited += 1) {
      const runs = await allRuns(town.world.stack);
      const found = runs.find(
        ({ trigger }) => trigger.kind === "nightly" && trigger.number.endsWith(`_0${number}`),
      );
      if (found && isClosed(found)) return found;
      await pause(1000);
    }
    throw new Error(`night ${number} has not come to its end`);
  }
  const numberOf = ({ trigger }: Run): string => (trigger.kind === "nightly" ? trigger.number : "");

  test("is made of the night's commit, bears its number, and comes up to its login", async () => {
    await town.world.stack.host.invoke("tend-calendar", {});
    first = await night(1);
    expect(first.jobs.map(({ name }) => name)).toEqual(["tree:os:debian-12-x86_64", DISK]);
    expect(first.stages.map(({ name, state, because }) => `${name} ${state} ${because ?? ""}`)).toEqual([
      "source/tree:os passed ",
      "build/tree:os/debian-12/x86_64 passed ",
      `build/${BUILD} passed `,
      "check/tree:os/debian-12/x86_64 passed ",
      `check/${BUILD} passed `,
      "publish/nightly passed ",
    ]);
    const { commit } = stageOf(first, "build/tree:os").facts ?? {};
    const made = stageOf(first, `build/${BUILD}`);
    expect(made.facts).toMatchObject({ commit, version: numberOf(first) });
    expect(made.files?.map(({ name }) => name)).toContain(`disk.x86_64-${numberOf(first)}.qcow2`);
    const { boot } = stageOf(first, `check/${BUILD}`);
    for (const start of [boot?.first, boot?.warm]) {
      const times = [start?.kernel, start?.init, start?.login].map((one) => one ?? Number.NaN);
      expect(times.every((time) => time > 0)).toBe(true);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  test("is on the mirror under its number, with its digest signed, for whoever takes it from there", async () => {
    const channel = `${town.world.stack.mirrorUrl}/${owner}/${repo}/nightly`;
    const name = `disk.x86_64-${numberOf(first)}.qcow2`;
    const dir = await mkdtemp(join(town.dir, "client-"));
    const take = async (url: string, as: string): Promise<void> => {
      const answer = await fetch(url);
      expect(`${answer.status} ${url}`).toBe(`200 ${url}`);
      await writeFile(join(dir, as), Buffer.from(await answer.arrayBuffer()));
    };
    for (const file of [name, `${name}.sha256`, `${name}.sha256.asc`])
      await take(`${channel}/images/${numberOf(first)}/${file}`, file);
    await take(`${channel}/RPM-GPG-KEY-millwright`, "key");
    await run("sha256sum", ["--check", "--strict", `${name}.sha256`], { cwd: dir });
    const env = { ...process.env, GNUPGHOME: await mkdtemp(join(dir, "gpg-")) };
    await run("gpg", ["--batch", "--import", "key"], { cwd: dir, env });
    const said = await run("gpg", ["--batch", "--verify", `${name}.sha256.asc`, `${name}.sha256`], {
      cwd: dir,
      env,
    });
    expect(said.stderr).toContain("Good signature");
    const { stdout } = await run("qemu-img", ["info", "--output=json", name], { cwd: dir });
    expect(JSON.parse(stdout)).toMatchObject({ format: "qcow2" });
  });

  test("is not made again where its tree stayed what it was", async () => {
    await town.commit("note", { "README.md": "# Cloud\n" });
    const pull = await town.rest.pulls.create({ owner, repo, title: "Read me", head: "note", base: "main" });
    const of = { owner, repo, issue_number: pull.data.number };
    await town.rest.issues.createComment({ ...of, body: "/nightly" });
    const second = await night(2);
    const { commit } = stageOf(first, "build/tree:os").facts ?? {};
    for (const stage of ["build", "check"].map((kind) => stageOf(second, `${kind}/${BUILD}`)))
      expect(stage).toMatchObject({ state: "passed", files: [], facts: { "unchanged since": commit } });
  });
});
