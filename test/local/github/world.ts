import { execFile } from "node:child_process";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { expect } from "vitest";
import { startGitHub, type GitHub } from "../../../src/local/github/github.ts";
import type { GitHubOptions } from "../../../src/local/github/options.ts";

const secret = "It's a secret";

export const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

export interface Heard {
  readonly event: string;
  readonly action: string | undefined;
  readonly guid: string;
  readonly signed: boolean;
  readonly payload: Record<string, unknown>;
}

/** A receiver of webhooks that remembers what it heard. */
const listen = async () => {
  const heard: Heard[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const raw = Buffer.concat(parts);
      const signature = `sha256=${createHmac("sha256", secret).update(raw).digest("hex")}`;
      const payload = JSON.parse(raw.toString());
      heard.push({
        event: String(request.headers["x-github-event"]),
        action: payload.action,
        guid: String(request.headers["x-github-delivery"]),
        signed: request.headers["x-hub-signature-256"] === signature,
        payload,
      });
      response.writeHead(answers.shift() ?? 202).end("heard");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { heard, answers, url, close: () => new Promise((resolve) => server.close(resolve)) };
};

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A GitHub with a maintainer, a stranger, one repository and the app installed on it. */
export const stage = async (more: Partial<GitHubOptions> = {}) => {
  const hooks = await listen();
  const dir = more.dir ?? (await mkdtemp(join(tmpdir(), "github-")));
  const options: GitHubOptions = {
    dir,
    port: 0,
    app: { id: 7, slug: "bot", publicKey: keys.publicKey, webhookUrl: hooks.url, webhookSecret: secret },
    now: () => new Date().toISOString(),
    log: () => undefined,
    ...more,
  };
  const gitHub = await startGitHub(options);
  const { admin } = gitHub;
  const maintainer = admin.createUser({ login: "maintainer" });
  const stranger = admin.createUser({ login: "stranger" });
  const files = { "README.md": "# hello\n", "hello/hello.spec": "Name: hello\nVersion: 1.0\n" };
  if (!more.dir) await admin.createRepository({ owner: "maintainer", name: "packages", files });
  const installation = await admin.install("maintainer", ["packages"]);
  return {
    gitHub,
    admin,
    hooks,
    dir,
    options,
    maintainer,
    stranger,
    installation,
    app: octokit(gitHub, { authStrategy: createAppAuth, auth: { appId: 7, privateKey: keys.privateKey } }),
    bot: octokit(gitHub, {
      authStrategy: createAppAuth,
      auth: { appId: 7, privateKey: keys.privateKey, installationId: installation.id },
    }),
    as: (token: string) => octokit(gitHub, { auth: token }),
    nobody: octokit(gitHub, {}),
    leave: async () => {
      await gitHub.close();
      await hooks.close();
    },
    end: async () => {
      await gitHub.close();
      await hooks.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
};

export type Stage = Awaited<ReturnType<typeof stage>>;

/** Ends a stage; all that was said on it must have been as GitHub describes it. */
export const endWithoutViolations = async (world: Stage): Promise<void> => {
  const said = world.gitHub.violations();
  await world.end();
  expect(said).toEqual({ request: [], response: [], webhook: [] });
};

/** Ends a stage on which wrong things were asked on purpose; all answers and webhooks must have been right. */
export const endAnsweredRight = async (world: Stage): Promise<void> => {
  const { response, webhook } = world.gitHub.violations();
  await world.end();
  expect({ response, webhook }).toEqual({ response: [], webhook: [] });
};

const octokit = (gitHub: GitHub, options: Record<string, unknown>) =>
  new Octokit({ baseUrl: gitHub.apiUrl, log: silent, ...options });

export const here = { owner: "maintainer", repo: "packages" } as const;

/** The status that a call is refused with; 200 where it is not. */
export const refusal = async (call: Promise<unknown>): Promise<number> =>
  call.then(
    () => 200,
    (error: { status?: number }) => error.status ?? 0,
  );

const run = promisify(execFile);

/** Real git, in a directory, without anybody's configuration. */
export const gitIn = async (cwd: string, ...args: string[]): Promise<string> => {
  const { stdout } = await run("git", args, {
    cwd,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: cwd,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
      GIT_AUTHOR_NAME: "A Person",
      GIT_AUTHOR_EMAIL: "person@example.org",
      GIT_COMMITTER_NAME: "A Person",
      GIT_COMMITTER_EMAIL: "person@example.org",
    },
  });
  return stdout.trim();
};

export const withToken = (gitHub: GitHub, token: string, path: string): string =>
  `${gitHub.url.replace("//", `//x-access-token:${token}@`)}/${path}.git`;
