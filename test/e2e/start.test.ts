import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { propose } from "../../src/cli/propose.ts";
import { settle, type Town } from "../../src/cli/town.ts";
import { startGitHub } from "../../src/local/github/github.ts";
import { freePorts, start, type Started } from "./started.ts";
import { whyNoStory } from "./why-not.ts";

const skipped = whyNoStory();
const PATH = `${process.execPath.slice(0, process.execPath.lastIndexOf("/"))}:/usr/sbin:/usr/bin:/sbin:/bin`;

/** Takes long enough to be seen and interrupted: a check moves on once in ten seconds. */
const SLOW = `Name: slow
Version: 1
Release: 1
Summary: Takes its time
License: FSFAP
BuildArch: noarch
%description
Takes its time.
%build
sleep 40
%files
`;

let dir: string;
let processes: Started[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "millwright-start-"));
  processes = [];
});

afterEach(async () => {
  for (const one of processes) one.sweep();
  await Promise.all(processes.map(({ over }) => over));
  await rm(dir, { recursive: true, force: true });
});

const begin = (env: Readonly<Record<string, string>>): Started => {
  const one = start(dir, { PATH, HOME: homedir(), ...env });
  processes.push(one);
  return one;
};

describe("npm start", () => {
  test("names everything that is not set, and ends", { timeout: 60_000 }, async () => {
    const nothing = begin({});
    expect(await nothing.over).toBe(1);
    expect(nothing.said()).toContain("APP_ID, PRIVATE_KEY, WEBHOOK_SECRET\n");
    const half = begin({ APP_ID: "1", WEBHOOK_SECRET: "s", MILLWRIGHT_PORT: "many" });
    expect(await half.over).toBe(1);
    expect(half.said()).toContain(": PRIVATE_KEY, MILLWRIGHT_PORT\n");
  });

  test.skipIf(skipped)(
    `${skipped ?? ""}killed while it builds and started again in the same directory, it ends the pull request right`,
    { timeout: 600_000 },
    async () => {
      const port = await freePorts(5);
      const { github, env } = await serveGitHub(port);
      try {
        const first = begin(env);
        await first.says("millwright is up");
        const town = await settle(github, {});
        const { sha } = await propose(github, town, {
          branch: "slow",
          title: "slow: new package",
          files: { "slow.spec": SLOW },
        });
        const isBuilding = ({ name, status, output }: CheckRun): boolean =>
          isJob(name) && status === "in_progress" && (output.title ?? "").startsWith("Building");
        await checkWith(town, sha, isBuilding);
        first.kill("SIGKILL");
        expect(await first.over).toBe("SIGKILL");

        const second = begin(env);
        await second.says("millwright is up");
        const check = await checkWith(town, sha, ({ name, status }) => isJob(name) && status === "completed");
        expect(check).toMatchObject({ conclusion: "success", output: { title: "Built: 1 package" } });
        expect(check.output.summary).toContain("slow-1-1");
        expect(check.output.summary).toContain("attempt 2");
        const log = await fetch(check.details_url ?? "");
        expect(await log.text()).toContain("+ sleep 40");
        second.kill("SIGTERM");
        expect(await second.over).toBe(0);
      } finally {
        await github.close();
      }
    },
  );
});

/** A GitHub whose app is the one that is started with this environment. */
async function serveGitHub(port: number) {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const webhookSecret = "It is a secret";
  await mkdir(join(dir, "github"));
  const github = await startGitHub({
    dir: join(dir, "github"),
    port: 0,
    app: { id: 12, slug: "mill", privateKey, webhookUrl: `http://127.0.0.1:${port}/`, webhookSecret },
    now: () => new Date().toISOString(),
    log: () => undefined,
  });
  const env = {
    APP_ID: "12",
    PRIVATE_KEY: privateKey.replaceAll("\n", "\\n"),
    WEBHOOK_SECRET: webhookSecret,
    MILLWRIGHT_DIR: join(dir, "state"),
    MILLWRIGHT_PORT: String(port),
    GITHUB_API_URL: github.apiUrl,
    GITHUB_WEB_URL: github.url,
  };
  return { github, env };
}

type CheckRun = Awaited<
  ReturnType<ReturnType<Town["as"]>["rest"]["checks"]["listForRef"]>
>["data"]["check_runs"][number];

/** The one check run of a commit, once it is like this. */
/** Not the check that speaks for all, nor the channel's. */
const isJob = (name: string): boolean => name.startsWith("rpm:");

async function checkWith(town: Town, ref: string, isWanted: (check: CheckRun) => boolean): Promise<CheckRun> {
  const { owner, repo } = town;
  for (; ; await pause(200)) {
    const { data } = await town.as(town.maintainer).rest.checks.listForRef({ owner, repo, ref });
    const found = data.check_runs.find(isWanted);
    if (found) return found;
  }
}
