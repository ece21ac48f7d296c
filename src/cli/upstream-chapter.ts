import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { RootArch } from "../local/distribution/build-root.ts";
import { clone } from "./git.ts";
import { installFrom, repositoryIn } from "./merge-chapter.ts";
import { updateBranch } from "../pipelines/service/update-records.ts";
import { bucketOf } from "./runs.ts";
import { checkNamed, untilChecks, WHOLE } from "./see.ts";
import { type Chapter, hold, type Stage } from "./stage.ts";
import { merge } from "./town.ts";

/** What the chapter's rules say of greet: where its upstream is, and that the next series counts. */
export const UPSTREAM_RULE = 'upstream: { github: upstream/greet, include: "v[2-9].*" }';

const VERSION = "2.0.0";

/** A tag of the upstream's becomes a pull request, and with it a package; who wants the old one still gets it. */
export const upstreamChapter = ([arch = "x86_64"]: readonly RootArch[]): Chapter => ({
  name: "An upstream release becomes a pull request by itself",
  async play(stage) {
    const { world, town, tell } = stage;
    const was = await packagedVersion(stage);
    tell.step(`greet's developers tag v${VERSION} in their own repository. Nobody tells the packagers.`);
    await release(stage, was);

    tell.step("Millwright asks upstreams every few hours; here it is made to ask now.");
    await forgetWhenAsked(stage);
    await world.stack.host.invoke("tend-calendar", {});
    const pull = await untilPull(stage);
    tell.detail(pull.html_url, pull.title, ...(pull.body ?? "").split("\n").slice(0, 3));
    const checks = await untilChecks(stage, pull.head.sha);
    hold(stage, `the check ${WHOLE} is green`, checkNamed(checks, WHOLE)?.conclusion === "success");

    const before = await snapshotsOf(stage);
    tell.step("maria looks at it and merges.");
    const merged = await merge(town, pull.number);
    const published = await untilChecks(
      stage,
      merged,
      (all) => checkNamed(all, "publish:devel")?.status === "completed",
    );
    const mirror = repositoryIn(checkNamed(published, "publish:devel"));
    const newer = await installFrom(stage, "dnf", { ...mirror, packages: ["greet"], arch });
    hold(stage, `it is greet ${VERSION}`, newer.output.includes(`${VERSION}-1`));

    const old = before.at(-1);
    if (old === undefined) return;
    tell.step(`The snapshot that was the newest before is still there: greet ${was} at its own address.`);
    tell.detail(new URL(old, world.stack.mirrorUrl).href);
    const { status } = await fetch(`${world.stack.mirrorUrl}/${old}/repodata/repomd.xml`);
    hold(stage, "it still answers", status === 200);
  },
});

async function packagedVersion({ town }: Stage): Promise<string> {
  const { owner, repo, maintainer } = town;
  const { data } = await town.as(maintainer).rest.repos.getContent({ owner, repo, path: "greet.spec" });
  if (!("content" in data)) throw new Error("greet.spec is no file");
  return /^Version:\s+(\S+)/m.exec(Buffer.from(data.content, "base64").toString())?.[1] ?? "";
}

/** The upstream's next tag, on top of the version that is packaged. */
async function release({ world: { github } }: Stage, was: string): Promise<void> {
  const work = await clone(
    `${github.url}/upstream/greet.git`,
    github.admin.createUser({ login: "upstream" }),
  );
  await work.git("checkout", "--quiet", "-B", "next", `v${was}`);
  await writeFile(join(work.dir, "CHANGES"), `greet ${VERSION}\n`);
  await work.commit(`greet ${VERSION}`);
  await work.git("tag", `v${VERSION}`);
  await work.git("push", "--quiet", "origin", `v${VERSION}`);
  await work.remove();
}

async function forgetWhenAsked({ world }: Stage): Promise<void> {
  const state = bucketOf(world.stack, "StateBucket");
  for (const { key } of await state.list("upstreams/")) await state.remove(key);
}

async function untilPull({ town }: Stage) {
  const { owner, repo, maintainer } = town;
  for (let waited = 0; waited < WAIT_SECONDS; waited += 0.5) {
    const { data } = await town.as(maintainer).rest.pulls.list({ owner, repo, state: "open" });
    const found = data.find(({ head }) => head.ref === updateBranch("greet"));
    if (found) return found;
    await pause(500);
  }
  throw new Error(`no pull request was opened in ${WAIT_SECONDS} s`);
}

const WAIT_SECONDS = 120;

/** The snapshots of the channel, in their order. */
async function snapshotsOf({ world, town }: Stage): Promise<readonly string[]> {
  const prefix = `${town.owner}/${town.repo}/devel/debian-12/snapshots/`;
  const keys = await bucketOf(world.stack, "MirrorBucket").list(prefix);
  return [...new Set(keys.map(({ key }) => key.split("/").slice(0, 6).join("/")))].toSorted();
}
