import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type BuildOrder, type Builder, type BuildNews } from "../../src/ports.ts";

export interface Pools {
  readonly builder: Builder;
  /**
   * A pool whose builds do as MILLWRIGHT_MANIFEST says: `pass`, `fail` (after printing `why it failed`), `wait` (for
   * a minute), `talk` (2,000 lines `line 1` … with a sign of three bytes each); its limit is 1 running build.
   */
  readonly pool: string;
}

/** What we hold CodeBuild to. Each case cites the sentence of the documentation that promises it. */
export function builderContract(where: string, start: () => Promise<Pools>, reasonToSkip?: string): void {
  const title = reasonToSkip === undefined ? where : `${where} (skipped, because ${reasonToSkip})`;
  describe.skipIf(reasonToSkip !== undefined)(`a builder on ${title}`, { timeout: 900_000 }, () => {
    let pools: Pools;
    beforeAll(async () => {
      pools = await start();
    });

    const order = (manifest: string, attempt = `contract/${randomUUID()}#build#1`): BuildOrder => ({
      pool: pools.pool,
      attempt,
      manifest,
      timeoutMinutes: 5,
    });
    const begin = async (wanted: BuildOrder): Promise<string> => {
      const started = await pools.builder.start(wanted);
      if (started.kind !== "started") throw new Error(`not started: ${started.kind}`);
      return started.build;
    };
    const news = async (build: string): Promise<BuildNews> => {
      const [news] = await pools.builder.look([build]);
      return news!;
    };
    const ended = async (build: string): Promise<BuildNews> => {
      await expect.poll(async () => (await news(build)).endedAt, PATIENCE).toBeDefined();
      return await news(build);
    };

    // BatchGetBuilds: "buildStatus: The current status of the build. Valid values include: FAILED, FAULT, IN_PROGRESS,
    // STOPPED, SUCCEEDED, TIMED_OUT"; "endTime: When the build process ended".
    test("a build that passes is told with its attempt and its pool", async () => {
      const wanted = order("pass");
      const build = await begin(wanted);
      const told = await ended(build);
      expect(told).toMatchObject({ build, attempt: wanted.attempt, pool: pools.pool, status: "SUCCEEDED" });
      expect(told.phase).toBe("COMPLETED");
      expect(told.failure).toBeUndefined();
      expect(Date.parse(told.endedAt!)).toBeGreaterThanOrEqual(Date.parse(told.startedAt));
    });

    // PhaseContext: "message: An explanation of the build phase's context. This might include a command ID and an exit
    // code."; BuildPhase: "phaseStatus: The current status of the build phase."
    test("a build that fails says in which phase and why", async () => {
      const told = await ended(await begin(order("fail")));
      expect(told.status).toBe("FAILED");
      expect(told.failure?.phase).toBe("BUILD");
      expect(told.failure?.message).toMatch(/exit status 3/);
    });

    // StartBuild, idempotencyToken: "The token is included in the StartBuild request and is valid for 5 minutes. If you
    // repeat the StartBuild request with the same token, but change a parameter, CodeBuild returns a parameter mismatch
    // error."
    test("an attempt that is started twice is one build, also with a manifest that was signed anew", async () => {
      const wanted = order("pass");
      const build = await begin(wanted);
      expect(await begin(wanted)).toBe(build);
      expect(await begin({ ...wanted, manifest: "pass again" })).toBe(build);
      await ended(build);
    });

    // Builds in AWS CodeBuild: "If the build project has a concurrent build limit set, builds return an error if the
    // number of running builds reaches the concurrent build limit for the project."
    // StopBuild: "Attempts to stop running a build."
    test("a pool that is full has no slot, and has one again when a build was stopped", async () => {
      const build = await begin(order("wait"));
      expect(await pools.builder.start(order("pass"))).toEqual({ kind: "no-slot" });
      await pools.builder.stop(build);
      expect((await ended(build)).status).toBe("STOPPED");
      const next = await begin(order("pass"));
      expect((await ended(next)).status).toBe("SUCCEEDED");
    });

    // ListBuildsForProject: "The results are sorted by build number, not the build identifier. If this is not
    // specified, the results are sorted in descending order."
    test("the build of an attempt is found among the recent ones", async () => {
      const wanted = order("pass");
      const build = await begin(wanted);
      expect(await pools.builder.find(wanted)).toBe(build);
      expect(await pools.builder.find({ ...wanted, attempt: "contract/none#build#1" })).toBeUndefined();
      await ended(build);
    });

    // BatchGetBuilds: "buildsNotFound: The IDs of builds for which information could not be found."
    test("a build that there is not is no news", async () => {
      expect(await pools.builder.look([])).toEqual([]);
      expect(await pools.builder.look([`millwright-none:${randomUUID()}`])).toEqual([]);
    });

    // GetLogEvents, startFromHead: "If the value is false, the latest log events are returned first." "As long as the
    // nextBackwardToken or nextForwardToken returned is NOT equal to the nextToken that you passed into the API call,
    // there might be more log events available."
    test("a log is read whole, or its last bytes cut at a character", async () => {
      const build = await begin(order("talk"));
      await ended(build);
      const settled = async (): Promise<string> => await pools.builder.log(build, 10_000_000);
      await expect.poll(settled, PATIENCE).toContain("Phase complete: BUILD");
      const whole = await settled();
      expect(whole).toContain("line 1 €\n");
      expect(whole).toContain("line 2000 €\n");
      const from = Buffer.from(whole);
      for (const bytes of [20, 1_000, 1_001, 1_002]) {
        const tail = await pools.builder.log(build, bytes);
        expect(whole.endsWith(tail)).toBe(true);
        expect(tail).not.toContain("\ufffd");
        expect(Buffer.byteLength(tail)).toBeGreaterThan(Math.min(bytes, from.length) - 3);
        expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(bytes);
      }
    });

    // A log stream is made when the build begins to write: "ResourceNotFoundException: The specified resource does not exist."
    test("a build without a log has an empty one", async () => {
      expect(await pools.builder.log(`millwright-none:${randomUUID()}`, 1_000)).toBe("");
    });
  });
}

const PATIENCE = { timeout: 600_000, interval: 100 };
