import { generateKeyPairSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Octokit } from "@octokit/rest";
import { compileTemplate } from "../src/local/compile.ts";
import { startGitHub } from "../src/local/github/github.ts";
import { Template } from "../src/local/host/template.ts";
import { freePort, startStack } from "../src/local/stack.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const APP = 4711;
const clock = () => new Date().toISOString();
/** The sources are never fetched: what is measured ends when CodeBuild is asked to. */
const FAILS = "version: 0.2\nphases:\n  build:\n    commands: [exit 1]\n";
const SPEC = "Name: greet\nVersion: 1\nRelease: 1\nSummary: Greets\nLicense: MIT\n%description\nGreets.\n";

const ARCHES = ["x86_64", "aarch64", "s390x", "ppc64le"] as const;
const TARGETS = 25;

/** So many pairs of a target and an arch, as a configuration: up to 25 with one arch, beyond that with all four. */
function rulesFor(pairs: number): string {
  const arches = pairs > TARGETS ? ARCHES : ARCHES.slice(0, 1);
  const tiers = arches.map((arch) => `${arch}: required`).join(", ");
  const targets = Array.from({ length: pairs / arches.length }, (_, i) => `  target-${i}: { ${tiers} }\n`);
  return `targets:\n${targets.join("")}`;
}

/** When CodeBuild was first asked to build something of a repository. */
export type Starts = Map<number, PromiseWithResolvers<number>>;

/** A GitHub and a Millwright with so many targets, in one process but for the doors. */
export async function openTown(dir: string) {
  const targets = Array.from({ length: TARGETS }, (_, i) => `target-${i}`);
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const webhookSecret = randomBytes(20).toString("hex");
  const webhookPort = await freePort();
  const webhookUrl = `http://127.0.0.1:${webhookPort}/`;
  const app = {
    id: APP,
    slug: "millwright",
    privateKey,
    webhookUrl,
    webhookSecret,
    events: ["pull_request"],
  };
  const log = () => {};
  const github = await startGitHub({
    dir: join(dir, "github"),
    port: 0,
    app,
    now: clock,
    log,
    contract: false,
  });
  const { template, tools } = await compileTemplate(ROOT, join(dir, "template"));
  const starts: Starts = new Map();
  const images = Object.fromEntries(ARCHES.map((arch) => [arch, "none"]));
  const image = { images, arches: { x86_64: "required" } };
  const stack = await startStack({
    dir: join(dir, "aws"),
    template: failing(template),
    tools,
    doors: (door) => join(ROOT, `src/handlers/${door}.ts`),
    secrets: { APP_ID: String(APP), PRIVATE_KEY: privateKey, WEBHOOK_SECRET: webhookSecret },
    deployment: {
      github: { api: github.apiUrl, web: github.url },
      targets: Object.fromEntries(targets.map((target) => [target, image])),
      defaults: targets.slice(0, 1),
      hosts: {},
      key: { name: "Bench", email: "bench@localhost.localdomain", created: "2026-01-01T00:00:00Z" },
      timeoutMinutes: {},
    },
    roots: async () => ({ kind: "host" }),
    webhookPort,
    faults: { codebuild: (operation, input) => void (operation === "StartBuild" && note(starts, input)) },
    clock,
    log,
  });
  return {
    github,
    starts,
    app: { appId: APP, privateKey, api: github.apiUrl },
    async close() {
      await stack.close();
      await github.close();
    },
  };
}

export type Town = Awaited<ReturnType<typeof openTown>>;

function note(starts: Starts, input: unknown): void {
  const { environmentVariablesOverride: given = [] } = input as {
    environmentVariablesOverride?: readonly { readonly name: string; readonly value: string }[];
  };
  const job = given.find(({ name }) => name === "MILLWRIGHT_JOB")?.value ?? "";
  starts.get(Number(job.split("/")[0]))?.resolve(performance.now());
}

function failing(compiled: unknown): Template {
  const { Resources, Outputs } = Template.parse(compiled);
  const changed = Object.entries(Resources).map(([id, { Type, Properties }]) => {
    if (Type !== "AWS::CodeBuild::Project") return [id, { Type, Properties }] as const;
    return [
      id,
      { Type, Properties: { ...Properties, Source: { Type: "NO_SOURCE", BuildSpec: FAILS } } },
    ] as const;
  });
  return { Resources: Object.fromEntries(changed), Outputs };
}

/** An open pull request in a repository of its own, of whose news nobody has heard yet. */
export async function propose({ github, starts }: Town, owner: string, pairs: number) {
  const { admin, apiUrl } = github;
  const name = "packages";
  const { token } = admin.createUser({ login: owner });
  const files = { ".millwright.yml": rulesFor(pairs) };
  const { id } = await admin.createRepository({ owner, name, files });
  const { id: installation } = await admin.install(owner, [name]);
  await admin.commit(owner, name, {
    by: owner,
    branch: "topic",
    message: "A change",
    files: { "greet.spec": SPEC },
  });
  const started = Promise.withResolvers<number>();
  starts.set(id, started);
  await admin.settled();
  admin.hold();
  const { rest } = new Octokit({ auth: token, baseUrl: apiUrl });
  const asked = { owner, repo: name, head: "topic", base: "main", title: "A change" };
  const { number } = (await rest.pulls.create(asked)).data;
  return { at: { id, owner, name, installation }, number, started: started.promise };
}
