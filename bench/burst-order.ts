import { generateKeyPairSync } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { REQUIRE } from "../serverless/tools.ts";
import { compileTemplate } from "../src/local/compile.ts";
import { Template } from "../src/local/host/template.ts";
import { bundleAsDeployed } from "./bundle.ts";
import type { Served } from "./burst-stack.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

export const RIVALS = ["probot", "probot-ledger"] as const;

type Resource = Template["Resources"][string];

/** The webhook's part of the compiled template; then for each rival the same with its handler and a queue of its own. */
export async function servedDoors(dir: string): Promise<readonly Served[]> {
  const compiled = await compileTemplate(ROOT);
  await rm(path.resolve(compiled.tools, "../.."), { recursive: true });
  const resources = Object.entries(Template.parse(compiled.template).Resources).filter(isOfWebhook);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const app = { APP_ID: "1", PRIVATE_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
  const ours = await bundled("src/handlers/receive-webhook.ts", dir);
  const rivals = RIVALS.map(async (name) => {
    const theirs = resources.map(([id, one]) => [id, toRival(one, name, app)]);
    const file = await bundled(`bench/rivals/${name}.ts`, dir, REQUIRE);
    return { template: { Resources: Object.fromEntries(theirs) }, file };
  });
  return [
    { template: { Resources: Object.fromEntries(resources) }, file: ours },
    ...(await Promise.all(rivals)),
  ];
}

/** Without the queues' consumers: what was sent stays there to be counted. */
const isOfWebhook = ([, { Type, Properties }]: [string, Resource]): boolean =>
  Type === "AWS::Lambda::Function"
    ? String(Properties["Handler"]).includes("receive-webhook")
    : ["AWS::Lambda::Url", "AWS::S3::Bucket", "AWS::SQS::Queue"].includes(Type);

async function bundled(entry: string, dir: string, banner?: string): Promise<string> {
  const file = path.join(dir, `${path.basename(entry, ".ts")}.mjs`);
  await writeFile(file, (await bundleAsDeployed(entry, banner)).code);
  return file;
}

function toRival({ Type, Properties }: Resource, name: string, app: object): Resource {
  if (Type === "AWS::SQS::Queue")
    return { Type, Properties: { ...Properties, QueueName: `${name}-${String(Properties["QueueName"])}` } };
  if (Type !== "AWS::Lambda::Function") return { Type, Properties };
  const { Variables } = Properties["Environment"] as { Variables: object };
  const Environment = { Variables: { ...Variables, ...app } };
  return { Type, Properties: { ...Properties, Handler: `${name}.handler`, Environment } };
}
