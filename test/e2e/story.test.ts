import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  ListBuildsForProjectCommand,
} from "@aws-sdk/client-codebuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allRuns, bucketOf } from "../../src/cli/runs.ts";
import { deliveryFiles } from "../../src/local/github/delivery-files.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { releaseSuffix } from "../../src/pipelines/suffix.ts";
import { armored } from "../../src/publish/openpgp.ts";
import { testKey } from "../publish/kit.ts";
import { buildByHand } from "./by-hand.ts";
import { NATIVE, openStory, type Story } from "./chapters.ts";
import { type Client, installGreet } from "./clients.ts";
import { bytesOf, publishedBy, rpmsOf, stageOf, textOf, withFlippedByte } from "./mirror.ts";
import { isGreen, mirrorOf } from "./outcome.ts";
import { whyNoForeign, whyNoStory } from "./why-not.ts";

// One world with nothing pretended in it: real git, webhooks, builds, signatures and clients.
const skipped = whyNoStory();
const noForeign = skipped === undefined ? whyNoForeign() : undefined;
const JOB = `rpm:greet:debian-12-${NATIVE}`;
const CHANNEL = "maria/packages/devel";
const run = promisify(execFile);

describe.skipIf(skipped)(`${skipped ?? ""}the story`, { timeout: 600_000 }, () => {
  let story: Story;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "millwright-e2e-"));
    story = await openStory(noForeign === undefined);
  }, 900_000);

  afterAll(async () => {
    await story?.close();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  const octokit = () => story.town.as(story.town.maintainer).rest;
  const at = { owner: "maria", repo: "packages" };
  const heard = (event: string, action: string) =>
    story.world.github.admin.deliveries().filter((one) => one.event === event && one.action === action);
  const ofPackages = ({ repository }: { readonly repository: number | null }) =>
    repository === story.world.github.admin.repository("maria", "packages")?.id;
  const payload = (id: number) => deliveryFiles(story.githubDir).read(id);

  test("the check runs of the pull request go from queued over in progress to success and list the artifacts", async () => {
    const { run, states } = await story.pulled;
    const { data } = await octokit().checks.listForRef({ ...at, ref: run.trigger.sha });
    const jobs = run.jobs.map(({ name }) => name);
    expect(data.check_runs.map(({ name }) => name).toSorted()).toEqual(
      [...jobs, "millwright", "channel:pr/1"].toSorted(),
    );
    for (const check of data.check_runs.filter(({ name }) => jobs.includes(name))) {
      const seen = states.get(check.name) ?? [];
      expect(seen[0]).toBe("queued");
      expect(seen).toContain("in_progress");
      expect(seen.at(-1)).toBe("completed: success");
      expect(seen.filter((state) => state.startsWith("completed"))).toHaveLength(1);
      const files = rpmsOf(stageOf(run, run.jobs.find(({ name }) => name === check.name)?.build ?? ""));
      expect(files.map(({ name }) => name).join()).toMatch(/greet-1\.1\.0-.*greet-devel-1\.1\.0-/);
      for (const { name, sha256 } of files) {
        expect(check.output.summary).toContain(name);
        expect(check.output.summary).toContain(sha256);
      }
    }
  });

  test("one comment on the pull request is edited in place", async () => {
    const { run } = await story.pulled;
    const { data } = await octokit().issues.listComments({ ...at, issue_number: 1 });
    expect(data).toHaveLength(1);
    expect(data[0]?.body).toContain(run.trigger.sha.slice(0, 10));
    expect(data[0]?.body).toContain(JOB);
    expect(data[0]?.body).toContain("Built: 2 packages");
    await story.world.github.admin.settled();
    expect(heard("issue_comment", "created").filter(ofPackages)).toHaveLength(1);
    expect(heard("issue_comment", "edited").filter(ofPackages).length).toBeGreaterThan(0);
  });

  test("the pull request's packages are, byte for byte, what rpmbuild makes by hand of the merge of head into base", async () => {
    const { run } = await story.pulled;
    if (run.trigger.kind !== "pull") throw new Error("this is no pull request");
    const { number, sha: head, base } = run.trigger;
    const order = { number, head, base, suffix: releaseSuffix(run) };
    const hand = join(dir, "by-hand");
    await mkdir(hand);
    const made = await buildByHand(story.world, story.town, { order, root: story.base, dir: hand });
    expect(made.log).toContain("Wrote: /codebuild/output/src/rpmbuild/SRPMS/");
    const files = rpmsOf(stageOf(run, `build/greet/debian-12/${NATIVE}`));
    expect(new Map(files.map(({ name, sha256 }) => [name, sha256]))).toEqual(made.packages);
    expect([...made.packages.keys()].every((name) => name.includes(order.suffix))).toBe(true);
  });

  test("the merge is built in the trusted projects", async () => {
    const { run } = await story.merged;
    expect(isGreen(run)).toBe(true);
    expect(run.zone).toBe("trusted");
    const builds = await buildsOf(story, run);
    const pools = run.stages.map(({ name, pool }) => [name, expect.stringMatching(new RegExp(`-${pool}$`))]);
    expect([...builds]).toEqual(pools);
    const untrusted = await buildsOf(story, (await story.pulled).run);
    const isUntrusted = (project: string) => /-untrusted|-publish-pull$/.test(project);
    expect([...untrusted.values()].every(isUntrusted)).toBe(true);
    expect([...builds.values()].some(isUntrusted)).toBe(false);
  });

  test("it is published to devel: the digests in the record are those of what was signed, and the pointer leads to the snapshot", async () => {
    const { run } = await story.merged;
    const { world } = story;
    const published = await publishedBy(world, stageOf(run, "publish/devel"));
    const files = rpmsOf(stageOf(run, `build/greet/debian-12/${NATIVE}`));
    expect(new Map(published.packages.map(({ file, unsigned }) => [file, unsigned]))).toEqual(
      new Map(files.map(({ name, sha256 }) => [name, sha256])),
    );
    for (const { path, sha256, unsigned } of published.packages) {
      const signed = await bytesOf(world, "MirrorBucket", `${CHANNEL}/${path}`);
      expect(createHash("sha256").update(signed).digest("hex")).toBe(sha256);
      expect(sha256).not.toBe(unsigned);
    }
    expect(published.snapshot).toBe("000001");
    const snapshot = JSON.parse(await textOf(world, "MirrorBucket", snapshotKey("000001", "snapshot.json")));
    expect(snapshot).toMatchObject({ run: run.id, target: "debian-12" });
    const pointer = await (await fetch(`${world.stack.mirrorUrl}/${CHANNEL}/debian-12/mirrorlist`)).text();
    const newest = noForeign === undefined ? "000002" : "000001";
    expect(pointer).toBe(`${world.stack.mirrorUrl}/${CHANNEL}/debian-12/snapshots/${newest}/\n`);
  });

  test.skipIf(noForeign)(
    `${noForeign ?? ""}aarch64 is built by qemu as advisory and follows the required arch into the channel`,
    async () => {
      const { run } = await story.merged;
      const { world } = story;
      const foreign = run.jobs.find(({ arch }) => arch === "aarch64");
      expect(foreign?.tier).toBe("advisory");
      const build = stageOf(run, foreign?.build ?? "");
      expect(build.state).toBe("passed");
      const late = await publishedBy(world, stageOf(run, "backfill/devel"));
      expect(late.snapshot).toBe("000002");
      const names =
        build.files?.map(({ name }) => name).filter((name) => name.endsWith(".aarch64.rpm")) ?? [];
      expect(names).toHaveLength(2);
      const listOf = async (snapshot: string): Promise<string> => {
        const key = snapshotKey(snapshot, "packages.jsonl.gz");
        return gunzipSync(await bytesOf(world, "MirrorBucket", key)).toString();
      };
      const [first, second] = [await listOf("000001"), await listOf("000002")];
      expect(names.map((name) => [first.includes(name), second.includes(name)])).toEqual([
        [false, true],
        [false, true],
      ]);
      expect(second).toContain(".x86_64.rpm");
      const log = await logOf(story, run, build.name);
      expect(log).toMatch(/^build root: "debian-\d+ aarch64:/m);
      expect(log).toContain("%check");
    },
  );

  test("a push that changes only README.md builds nothing again and says where its packages are taken from", async () => {
    const [before, after] = [(await story.merged).run, (await story.reworded).run];
    for (const { build } of after.jobs) {
      const [old, now] = [stageOf(before, build), stageOf(after, build)];
      expect(now.state).toBe("passed");
      expect(now.build).toBeUndefined();
      expect(now.facts).toMatchObject({ "taken from": `${before.id}#${build}#1` });
      expect(now.files).toEqual(old.files);
    }
    const snapshots = await bucketOf(story.world.stack, "MirrorBucket").list(
      `${CHANNEL}/debian-12/snapshots/`,
    );
    const numbers = new Set(snapshots.map(({ key }) => key.split("/")[5]));
    expect([...numbers]).toEqual(noForeign === undefined ? ["000001", "000002"] : ["000001"]);
  });

  test("a delivery that comes a second time builds nothing", async () => {
    await Promise.all([story.reworded, story.broken]);
    const { world } = story;
    await world.stack.host.idle();
    const [runs, builds] = [await allRuns(world.stack), await allBuilds(story)];
    const again = [...heard("pull_request", "opened"), ...world.github.admin.deliveries().filter(isPush)];
    expect(again.length).toBeGreaterThanOrEqual(4);
    for (const { id } of again) {
      const { headers, payload: body } = await payload(id);
      const answer = await fetch(world.stack.webhookUrl, {
        method: "POST",
        headers: headers ?? {},
        body: JSON.stringify(body),
      });
      expect(answer.ok).toBe(true);
    }
    await world.stack.host.idle();
    expect(await allBuilds(story)).toEqual(builds);
    expect(await allRuns(world.stack)).toEqual(runs);
  });

  const brokenCheck = async (name: string) => {
    const { run, states } = await story.broken;
    const { rest } = story.town.as(story.town.maintainer);
    const { data } = await rest.checks.listForRef({ owner: "nina", repo: "broken", ref: run.trigger.sha });
    const check = data.check_runs.find((one) => one.name === `rpm:${name}:debian-12-${NATIVE}`);
    expect(states.get(check?.name ?? "")?.at(-1)).toBe("completed: failure");
    const log = await (await fetch(check?.details_url ?? "")).text();
    return { summary: check?.output.summary ?? "", log };
  };

  test("a pull request that does not compile fails with the compiler's line; its log is the whole story", async () => {
    const { summary, log } = await brokenCheck("greet");
    const error = /src\/main\.c:\d+:\d+: error: .*volume.* undeclared/;
    expect(summary).toMatch(error);
    expect(log).toMatch(error);
    expect(log).toMatch(/^build root: "debian-\d+/m);
    expect(log).toContain("Executing(%prep)");
    expect(log).toContain("Executing(%build)");
    expect(log).toMatch(/Phase complete: BUILD State: FAILED/);
  });

  test("BuildRequires that no root has fail with the name of what is missing", async () => {
    const { summary, log } = await brokenCheck("wanting");
    expect(summary).toContain("unheard-of-devel >= 2.5 is needed by wanting");
    expect(summary).not.toContain("gcc is needed");
    expect(log).toContain("unheard-of-devel >= 2.5 is needed by wanting");
  });

  test("a source on a host that is not allowed is refused with the file and line that name it", async () => {
    const { summary, log } = await brokenCheck("stranger");
    expect(summary).toMatch(/stranger\.spec:7.*downloads\.stranger\.example/);
    expect(log).not.toContain("rpmbuild -ba");
    const { run } = await story.broken;
    expect(stageOf(run, "build/stranger").state).toBe("skipped");
  });

  /** What the mirror offers to clients: its own repository file and key. */
  const offered = async () => {
    const mirror = mirrorOf((await story.reworded).run);
    const [repoFile, keyFile] = [join(dir, "channel.repo"), join(dir, "channel.key")];
    await writeFile(repoFile, await (await fetch(mirror?.repoUrl ?? "")).text());
    await writeFile(keyFile, await (await fetch(mirror?.keyUrl ?? "")).text());
    return { repoFile, keyFile };
  };

  describe.each<Client>(["dnf", "zypper"])("%s with all signature checks on", (client) => {
    const install = async (from: Parameters<typeof installGreet>[1]) =>
      installGreet(client, from, story.base);
    const refused = (result: Awaited<ReturnType<typeof install>>, because: RegExp) => {
      expect(result.output).toMatch(because);
      expect(result.code).not.toBe(0);
      expect(result.installed).toEqual([]);
    };

    test("installs greet and greet-devel from the mirror into a fresh root, and greet runs there", async () => {
      expect(await install(await offered())).toEqual({
        code: 0,
        output: expect.stringContaining("greet-devel"),
        installed: ["greet", "greet.h"],
        version: "greet 1.1.0\n",
      });
    });

    test("refuses a package in whose file on the mirror one byte is flipped", async () => {
      const from = await offered();
      const { packages } = await publishedBy(story.world, stageOf((await story.merged).run, "publish/devel"));
      const { path } = packages.find(({ file }) => isProgram(file)) ?? {};
      const key = `${CHANNEL}/${path}`;
      refused(
        await withFlippedByte(story.world, key, () => install(from)),
        /checksum doesn't match|digest: BAD/,
      );
    });

    test("refuses metadata in which one byte is flipped", async () => {
      const from = await offered();
      const keys = await bucketOf(story.world.stack, "MirrorBucket").list(`${CHANNEL}/debian-12/snapshots/`);
      const key = keys.map((one) => one.key).findLast((one) => /-primary\.xml\.\w+$/.test(one)) ?? "";
      const because = /checksum doesn't match|has wrong checksum/;
      refused(await withFlippedByte(story.world, key, () => install(from)), because);
    });

    test("refuses what is signed by another key than the one that is trusted", async () => {
      const { repoFile } = await offered();
      const keyFile = join(dir, "other.key");
      await writeFile(keyFile, (await testKey()).certificate);
      refused(
        await install({ repoFile, keyFile }),
        /Bad GPG signature|Signature verification failed for repomd\.xml/,
      );
    });

    test("refuses the package as it was before it was signed, in signed metadata", async () => {
      refused(await install(await unsigned(story, join(dir, `unsigned-${client}`))), /is not signed/);
    });
  });

  test("nothing that was asked, answered or delivered breaks GitHub's own description", () => {
    expect(story.world.github.violations()).toEqual({ request: [], response: [], webhook: [] });
  });
});

const snapshotKey = (number: string, file: string): string =>
  `${CHANNEL}/debian-12/snapshots/${number}/${file}`;

const isProgram = (file: string): boolean => file.startsWith("greet-1") && file.endsWith(`.${NATIVE}.rpm`);

const isPush = ({ event }: { readonly event: string }): boolean => event === "push";

const codebuildOf = ({ world: { stack } }: Story) =>
  new CodeBuildClient({
    endpoint: stack.endpoints.codebuild,
    region: "eu-central-1",
    credentials: stack.credentials,
  });

/** Each stage of a run, and the CodeBuild project that its build was made in. */
async function buildsOf(story: Story, { stages }: Run): Promise<ReadonlyMap<string, string>> {
  const ids = stages.flatMap(({ build }) => build ?? []);
  const { builds = [] } = await codebuildOf(story).send(new BatchGetBuildsCommand({ ids }));
  const projects = new Map(builds.map(({ id, projectName }) => [id, projectName]));
  return new Map(stages.map(({ name, build }) => [name, projects.get(build) ?? ""]));
}

/** Ids of all builds of the projects that any run has used. */
async function allBuilds(story: Story): Promise<readonly string[]> {
  const runs = await allRuns(story.world.stack);
  const used = await Promise.all(runs.map((run) => buildsOf(story, run)));
  const projects = new Set(used.flatMap((builds) => [...builds.values()]).filter((name) => name !== ""));
  const codebuild = codebuildOf(story);
  const lists = [...projects].toSorted().map(async (projectName) => {
    const { ids = [] } = await codebuild.send(new ListBuildsForProjectCommand({ projectName }));
    return ids;
  });
  return (await Promise.all(lists)).flat();
}

async function logOf({ town, world }: Story, { jobs, trigger }: Run, build: string): Promise<string> {
  const { rest } = town.as(town.maintainer);
  const { data } = await rest.checks.listForRef({ owner: town.owner, repo: town.repo, ref: trigger.sha });
  const name = jobs.find((job) => job.build === build)?.name;
  const url = data.check_runs.find((one) => one.name === name)?.details_url ?? "";
  expect(url.startsWith(world.stack.logsUrl)).toBe(true);
  return (await fetch(url)).text();
}

/** A repository of the merge's packages as they were built, in metadata that a trusted key signed. */
async function unsigned({ world, merged }: Story, dir: string) {
  const build = stageOf((await merged).run, `build/greet/debian-12/${NATIVE}`);
  await mkdir(dir);
  for (const { name } of rpmsOf(build))
    await writeFile(join(dir, name), await bytesOf(world, "StateBucket", `${build.prefix}${name}`));
  await run("createrepo_c", ["--quiet", dir]);
  const key = await testKey();
  const repomd = join(dir, "repodata/repomd.xml");
  await writeFile(`${repomd}.asc`, armored(await key.detach(await readFile(repomd), new Date())));
  await writeFile(join(dir, "trusted.key"), key.certificate);
  return { baseurl: `file://${dir}`, keyFile: join(dir, "trusted.key") };
}
