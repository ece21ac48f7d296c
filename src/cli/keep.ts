import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Stack } from "../local/stack.ts";
import type { Run } from "../pipelines/run.ts";
import { checksOf } from "../bot/check/check.ts";
import { allRuns, bucketOf } from "./runs.ts";
import type { Played } from "./stage.ts";

/** Leaves in `dir` what became of the story: `result.json`, and what the mirror serves as files. */
export async function keepResult(stack: Stack, chapters: readonly Played[], dir: string): Promise<void> {
  const mirror = bucketOf(stack, "MirrorBucket");
  const keys = (await mirror.list("")).map(({ key }) => key);
  for (const key of keys) {
    const object = await mirror.get(key);
    if (!object) continue;
    const file = join(dir, "mirror", key);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, object.value);
  }
  const runs = (await allRuns(stack)).map(resultOf);
  const pointers = keys.filter((key) => key.endsWith("/mirrorlist"));
  const result = {
    runs,
    chapters,
    mirror: {
      directory: "mirror",
      url: stack.mirrorUrl,
      pointers,
      repos: keys.filter((key) => key.endsWith(".repo")),
    },
    // Pull requests have another key.
    publicKey: keys
      .filter((key) => key.includes("RPM-GPG-KEY") && !key.includes("/pr/"))
      .map((key) => join("mirror", key))[0],
  };
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "result.json"), `${JSON.stringify(result, null, 2)}\n`);
}

function resultOf(run: Run) {
  const stages = new Map(run.stages.map((stage) => [stage.name, stage]));
  const checks = checksOf(run, { logUrl: (attempt) => attempt, web: "", imageOf: () => undefined });
  const seconds = (name: string) => {
    const { startedAt, endedAt } = stages.get(name) ?? {};
    return startedAt && endedAt ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : undefined;
  };
  return {
    run: run.id,
    trigger: run.trigger,
    sha: run.trigger.sha,
    zone: run.zone,
    channel: run.channel,
    jobs: run.jobs.map((job) => ({
      name: job.name,
      target: job.target,
      arch: job.arch,
      tier: job.tier,
      conclusion: checks.find(({ name }) => name === job.name)?.conclusion,
      seconds: { source: seconds(job.source), build: seconds(job.build) },
      artifacts: stages.get(job.build)?.files ?? [],
      because: stages.get(job.build)?.because,
    })),
    publish: run.stages
      .filter(({ kind }) => kind === "publish")
      .map(({ name, state, facts }) => ({ name, state, facts, seconds: seconds(name) })),
  };
}
