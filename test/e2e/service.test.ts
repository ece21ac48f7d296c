import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { World } from "../../src/cli/world.ts";
import { logKey } from "../../src/pipelines/log/log.ts";
import { attemptId } from "../../src/pipelines/stage.ts";
import { isGreen, mirrorOf, runOf } from "./outcome.ts";
import { foundSaying, service, SPEC } from "./saying.ts";
import { settled, type Settled } from "./settled.ts";
import { whyNoStory } from "./why-not.ts";

// A packaging repository that holds a spec and a `_service`, and not one source.
const skipped = whyNoStory();
const [owner, repo] = ["maria", "served"];

describe.skipIf(skipped)(`${skipped ?? ""}a spec and its _service`, { timeout: 600_000 }, () => {
  let town: Settled;
  let world: World;
  let rest: Octokit["rest"];

  beforeAll(async () => {
    town = await settled({
      owner,
      repo,
      files: { "saying/saying.spec": SPEC, "saying/_service": service("v1.0") },
      first: async (world) => (await foundSaying(world)).release("v1.0", "v1.1"),
    });
    ({ world, rest } = town);
  }, 900_000);
  afterAll(() => town?.close(), 60_000);

  const propose = async (branch: string, text: string): Promise<string> => {
    const sha = await town.commit(branch, { "saying/_service": text }, branch);
    await rest.pulls.create({ owner, repo, title: branch, head: branch, base: "main" });
    return sha;
  };

  test("one word changed in it updates the package, which dnf installs from the channel", async () => {
    const run = await runOf(world.stack, await propose("update", service("v1.1")));
    expect(isGreen(run)).toBe(true);
    const names = run.stages.flatMap(({ files }) => (files ?? []).map(({ name }) => name));
    expect(names.filter((name) => name.startsWith("saying-1.1-1") && name.endsWith(".rpm"))).toHaveLength(2);
    const said = await town.install(mirrorOf(run) ?? { keyUrl: "" }, ["saying"]);
    expect(said.output).toContain("saying-1.1-1");
    expect(said.code).toBe(0);
  });

  test("the same commit of upstream is fetched once, whoever asks for it", async () => {
    const again = `<!-- The same. -->\n${service("v1.1")}`;
    const run = await runOf(world.stack, await propose("again", again));
    expect(isGreen(run)).toBe(true);
    const source = run.stages.find(({ kind }) => kind === "source");
    const left = source?.files?.filter(({ name }) => name.startsWith("source-")) ?? [];
    expect(left).toHaveLength(1);
    const attempt = { run: run.id, stage: source?.name ?? "", attempt: 1 };
    const log = await (await fetch(`${world.stack.logsUrl}/${logKey(attemptId(attempt))}`)).text();
    expect(log).toMatch(/[0-9a-f]{40} was fetched before/);
  });

  test("a mistake in it is told at its line", async () => {
    const run = await runOf(
      world.stack,
      await propose("slip", service("v1.1").replace("revision", "revison")),
    );
    const source = run.stages.find(({ kind }) => kind === "source");
    expect(source?.state).toBe("failed");
    const { data } = await rest.checks.listForRef({ owner, repo, ref: run.trigger.sha });
    const told = data.check_runs.map(({ output }) => `${output.summary} ${output.text}`).join("\n");
    const sentence = 'obs_scm has no parameter "revison" (revision is probably meant).';
    expect(told).toContain(`saying/_service:5: ${sentence}`);
    const job = data.check_runs.find(({ name }) => name.startsWith("rpm:"));
    const remarks = await rest.checks.listAnnotations({ owner, repo, check_run_id: job?.id ?? 0 });
    expect(remarks.data).toMatchObject([{ path: "saying/_service", start_line: 5, message: sentence }]);
  });
});
