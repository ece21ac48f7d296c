import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { allRuns } from "../../src/cli/runs.ts";
import type { World } from "../../src/cli/world.ts";
import { isClosed } from "../../src/pipelines/next.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { lackOf } from "../publish/kit.ts";
import { client, ostree } from "../publish/ostree/kit.ts";
import { NATIVE } from "./chapters.ts";
import { settled, type Settled } from "./settled.ts";
import { whyNoImages } from "./why-no-images.ts";

// A system's releases on the whole stack: an image and a tree, promoted by tag and taken back, and a stranger who has
// curl, sha256sum, gpg and ostree.
const skipped = whyNoImages() ?? lackOf("ostree");
const [owner, repo] = ["maria", "appliance"];
const REF = `acme/stable/${NATIVE}`;
const MINUTES = 15;
const run = promisify(execFile);

const kiwi = (version: string): string => `<?xml version="1.0" encoding="utf-8"?>
<image schemaversion="7.5" name="appliance">
  <description type="system">
    <author>Maria</author><contact>maria@example.org</contact><specification>A small system</specification>
  </description>
  <preferences>
    <version>${version}</version><packagemanager>dnf</packagemanager>
    <rpm-check-signatures>true</rpm-check-signatures><rpm-excludedocs>true</rpm-excludedocs>
    <type image="tbz"/>
  </preferences>
  <repository type="rpm-md"><source path="obsrepositories:/"/></repository>
  <packages type="image"/>
  <packages type="bootstrap">
    <package name="millwright-filesystem"/><package name="bash"/><package name="coreutils"/>
  </packages>
</image>
`;
const treefile = (...packages: readonly string[]): string =>
  `ref: acme/stable/\${basearch}\nrepos: [debian-12]\npackages: [${packages.join(", ")}]\n`;
const system = (version: string, ...packages: readonly string[]) => ({
  "os/appliance.kiwi": kiwi(version),
  "os/root/etc/motd": `Version ${version}\n`,
  "tree/treefile.yaml": treefile("bash", "coreutils", ...packages),
});
const FILES = {
  ".millwright.yml": `channels:
  nightly: { branch: main, nightly: "00:00" }
  release: { from: nightly, githubRelease: true }
`,
  ...system("1.0.0"),
};

const Disk = z.object({
  location: z.string(),
  newest: z.string(),
  checksum: z.string(),
  signature: z.string(),
  sha256: z.string(),
});

describe.skipIf(skipped)(`${skipped || ""}a system's releases`, { timeout: 1_800_000 }, () => {
  let town: Settled;
  let world: World;
  let rest: Octokit["rest"];
  let pull = 0;

  beforeAll(async () => {
    town = await settled({ owner, repo, files: FILES });
    ({ world, rest } = town);
  }, 900_000);
  afterAll(() => town?.close(), 60_000);

  const channel = () => `${world.stack.mirrorUrl}/${owner}/${repo}/release`;
  const say = (body: string) => rest.issues.createComment({ owner, repo, issue_number: pull, body });

  /** The run of this kind and count, when it is over and all of it has passed. */
  async function passed(kind: Run["trigger"]["kind"], count: number): Promise<string> {
    for (let waited = 0; waited < MINUTES * 60; waited += 1) {
      const runs = (await allRuns(world.stack)).filter(({ trigger }) => trigger.kind === kind);
      const one = runs.toSorted((a, b) => (a.id < b.id ? -1 : 1))[count - 1];
      if (one && isClosed(one)) {
        const wrong = one.stages.filter(({ state }) => state !== "passed");
        if (wrong.length > 0)
          throw new Error(wrong.map(({ name, state, because }) => `${name} ${state} ${because}`).join("\n"));
        return "number" in one.trigger ? String(one.trigger.number) : "";
      }
      await pause(1000);
    }
    throw new Error(`${kind} ${count} has not come to its end`);
  }

  /** A release by a tag, when it is out. */
  async function tagged(number: string, count: number): Promise<void> {
    const { data } = await rest.git.getRef({ owner, repo, ref: "heads/main" });
    await rest.git.createRef({ owner, repo, ref: `refs/tags/release/${number}`, sha: data.object.sha });
    expect(await passed("promotion", count)).toBe(number);
  }

  /** What somebody does who knows the channel's address and has curl, sha256sum and gpg. */
  async function asStranger() {
    const cwd = await mkdtemp(join(town.dir, "stranger-"));
    const env = { ...process.env, GNUPGHOME: cwd };
    const curl = (...urls: readonly string[]) =>
      run("curl", ["--fail", "--silent", "--show-error", "--remote-name-all", ...urls], { cwd });
    await curl(`${channel()}/stream.json`, `${channel()}/RPM-GPG-KEY-millwright`);
    const stream: unknown = JSON.parse(await readFile(join(cwd, "stream.json"), "utf8"));
    const disk = diskIn(stream);
    await curl(disk.location, disk.checksum, disk.signature);
    await run("gpg", ["--batch", "--quiet", "--import", "RPM-GPG-KEY-millwright"], { cwd, env });
    const [line, signature] = [disk.checksum, disk.signature].map((url) =>
      url.slice(url.lastIndexOf("/") + 1),
    );
    await run("gpg", ["--batch", "--verify", signature ?? "", line ?? ""], { cwd, env });
    await run("sha256sum", ["--check", line ?? ""], { cwd });
    const file = disk.location.slice(disk.location.lastIndexOf("/") + 1);
    const { stdout: motd } = await run("tar", ["-xOf", file, "etc/motd"], { cwd });
    const newest = Buffer.from(await (await fetch(disk.newest)).arrayBuffer());
    await writeFile(join(cwd, "newest"), newest);
    const { stdout: sum } = await run("sha256sum", ["newest"], { cwd });
    return { disk, motd, isNewest: sum.startsWith(disk.sha256) };
  }

  test("are found by strangers, one after the other, and taken back", async () => {
    await world.stack.host.invoke("tend-calendar", {});
    const first = await passed("nightly", 1);
    await tagged(first, 1);
    const one = await asStranger();
    expect(one).toMatchObject({ motd: "Version 1.0.0\n", isNewest: true });
    expect(one.disk.location).toContain(`/images/${first}/appliance.${NATIVE}-1.0.0.tar.xz`);
    const page = await rest.repos.getReleaseByTag({ owner, repo, tag: `release/${first}` });
    expect(page.data.body).toContain(one.disk.location);
    const certificate = await (await fetch(`${channel()}/RPM-GPG-KEY-millwright`)).text();
    const reader = await client(town.dir, { url: channel(), certificate });
    const old = await reader.pull(REF);

    await town.commit("next", system("1.1.0", "sed"), "Version 1.1.0");
    const { data } = await rest.pulls.create({ owner, repo, title: "1.1.0", head: "next", base: "main" });
    pull = data.number;
    await rest.pulls.merge({ owner, repo, pull_number: pull });
    await say("/nightly");
    const second = await passed("nightly", 2);
    await tagged(second, 2);
    expect(await asStranger()).toMatchObject({ motd: "Version 1.1.0\n", isNewest: true });
    const newer = await reader.pull(REF);
    expect(await reader.read("/usr/share/millwright/packages", REF)).toMatch(/^sed-/m);

    await say(`/rollback release ${first}`);
    const third = await passed("rollback", 1);
    const back = await asStranger();
    expect(back).toMatchObject({
      motd: "Version 1.0.0\n",
      isNewest: true,
      disk: { sha256: one.disk.sha256 },
    });
    await ostree("pull", "--timestamp-check", `--repo=${reader.repo}`, "acme", REF);
    const brought = await reader.pull(REF);
    expect(await ostree("rev-parse", `--repo=${reader.repo}`, `${brought}^`)).toBe(newer);
    const version = await ostree("show", `--repo=${reader.repo}`, "--print-metadata-key=version", brought);
    expect(version).toBe(`'${third}'`);
    expect(await ostree("diff", `--repo=${reader.repo}`, old, brought)).toBe("");
  });
});

/** The one image for this machine that a stream tells of. */
function diskIn(stream: unknown): z.infer<typeof Disk> {
  const Stream = z.object({
    architectures: z.record(
      z.string(),
      z.object({
        artifacts: z.record(
          z.string(),
          z.object({ formats: z.record(z.string(), z.object({ disk: Disk })) }),
        ),
      }),
    ),
  });
  const { architectures } = Stream.parse(stream);
  const disk = architectures[NATIVE]?.artifacts["appliance"]?.formats["tar.xz"]?.disk;
  if (!disk) throw new Error("The stream tells of no image.");
  return disk;
}
