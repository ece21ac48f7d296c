import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  BatchGetBuildsCommand,
  type Build,
  CodeBuildClient,
  CreateProjectCommand,
  type CreateProjectCommandInput,
  StartBuildCommand,
  type StartBuildCommandInput,
} from "@aws-sdk/client-codebuild";
import type { CodeBuildEvent } from "../../../src/local/codebuild/events.ts";
import type { Limits } from "../../../src/local/codebuild/limits.ts";
import type { Root } from "../../../src/local/codebuild/root.ts";
import { type CodeBuildOptions, startCodeBuild } from "../../../src/local/codebuild/server.ts";

export const CREDENTIALS = { accessKeyId: "AKIDTEST", secretAccessKey: "a secret of tests" };
export const ROOMY: Limits = { memoryBytes: 512 * 1024 ** 2, pids: 256, cpuPercent: 200 };

/** Why builds cannot run on this machine, for the titles of skipped tests. */
export const cannotBuild = missing(["bwrap", "socat", "nsenter", "setpriv", "curl"]);

function missing(tools: readonly string[]): string | undefined {
  const absent = tools.filter((tool) => !has(tool));
  return absent.length > 0 ? `${absent.join(", ")} is not installed` : undefined;
}

function has(tool: string): boolean {
  try {
    execFileSync("sh", ["-c", 'command -v "$1"', "sh", tool], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** What the title of a test adds that may be skipped. */
export const because = (reason: string | undefined): string =>
  reason === undefined ? "" : ` (skipped, because ${reason})`;

/** The clients of a CodeBuild at `endpoint`. */
export const clientsOf = (endpoint: string, credentials = CREDENTIALS) => {
  const settings = { region: "eu-central-1", endpoint, credentials, maxAttempts: 1 };
  return { codebuild: new CodeBuildClient(settings), logs: new CloudWatchLogsClient(settings) };
};

export type Machine = Awaited<ReturnType<typeof startMachine>>;

/** A CodeBuild with a stand-in for S3, in a directory of its own unless one is given. */
export async function startMachine(settings: Partial<CodeBuildOptions> = {}) {
  const dir = settings.dir ?? (await mkdtemp(path.join(tmpdir(), "codebuild-test-")));
  const s3 = await answering("from s3");
  const events: CodeBuildEvent[] = [];
  const logged: string[] = [];
  const server = await startCodeBuild({
    port: 0,
    credentials: { [CREDENTIALS.accessKeyId]: CREDENTIALS.secretAccessKey },
    roots: async (image): Promise<Root | undefined> => (image === "standard" ? { kind: "host" } : undefined),
    environmentFor: () => ({ ROLE: "of the project" }),
    s3: { port: s3.port },
    onEvent: (event) => void events.push(event),
    limits: ROOMY,
    log: (message) => void logged.push(message),
    ...settings,
    dir,
  });
  const clients = clientsOf(server.url);
  return {
    ...clients,
    server,
    events,
    logged,
    s3Port: s3.port,
    dir,

    project: (name: string, buildspec: string, more: Partial<CreateProjectCommandInput> = {}) =>
      clients.codebuild.send(new CreateProjectCommand({ ...projectOf(name, buildspec), ...more })),

    /** Starts a build and waits for its end. */
    async build(projectName: string, overrides: Partial<StartBuildCommandInput> = {}): Promise<Build> {
      const { build } = await clients.codebuild.send(new StartBuildCommand({ projectName, ...overrides }));
      return await over(clients.codebuild, build!.id!);
    },

    log: (build: Build) => logOf(clients.logs, build),

    async close() {
      await server.close();
      s3.server.close();
      if (!settings.dir) await rm(dir, { recursive: true, force: true });
    },
  };
}

export const projectOf = (name: string, buildspec: string): CreateProjectCommandInput => ({
  name,
  source: { type: "NO_SOURCE", buildspec },
  artifacts: { type: "NO_ARTIFACTS" },
  environment: { type: "LINUX_CONTAINER", image: "standard", computeType: "BUILD_GENERAL1_SMALL" },
  serviceRole: "arn:aws:iam::000000000000:role/builder",
});

export const OFFLINE = { vpcConfig: { vpcId: "vpc-1", subnets: ["subnet-1"], securityGroupIds: ["sg-1"] } };

/** A buildspec of one phase. */
export const commands = (...list: readonly string[]): string =>
  JSON.stringify({ version: 0.2, phases: { build: { commands: list } } });

export async function over(codebuild: CodeBuildClient, id: string): Promise<Build> {
  for (;;) {
    const { builds = [] } = await codebuild.send(new BatchGetBuildsCommand({ ids: [id] }));
    if (builds[0]?.buildComplete) return builds[0];
    await pause();
  }
}

/** Waits until the build is in a phase. */
export async function until(codebuild: CodeBuildClient, id: string, phase: string): Promise<void> {
  for (;;) {
    const { builds = [] } = await codebuild.send(new BatchGetBuildsCommand({ ids: [id] }));
    if (builds[0]?.currentPhase === phase) return;
    await pause();
  }
}

const pause = (ms = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function logOf(logs: CloudWatchLogsClient, build: Build): Promise<string> {
  const { groupName, streamName } = build.logs ?? {};
  const { events = [] } = await logs.send(
    new GetLogEventsCommand({ logGroupName: groupName, logStreamName: streamName!, startFromHead: true }),
  );
  return events.map(({ message }) => message).join("");
}

/** What a build's commands printed, without CodeBuild's own lines. */
export const printed = (log: string): string =>
  log
    .split("\n")
    .filter((line) => !line.startsWith("[Container]"))
    .join("\n")
    .trim();

/** How the phases ended, by name. */
export const phasesOf = (build: Build): Record<string, string | undefined> =>
  Object.fromEntries((build.phases ?? []).map(({ phaseType, phaseStatus }) => [phaseType, phaseStatus]));

export async function answering(text: string): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => response.end(text));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return { server, port: typeof address === "object" && address ? address.port : 0 };
}

/** Processes of this machine whose command line has this word. */
export async function processesWith(word: string): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.split("\0").includes(word));
}
