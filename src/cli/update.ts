import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Deployment } from "../pipelines/deployment.ts";
import { type Updated, updateHere } from "./update-here.ts";
import { openWorkingCopy } from "./working-copy.ts";

const HELP = `millwright update RECIPE [VERSION]     (npm run update -- RECIPE [VERSION])

Brings a recipe of the git working copy you stand in to another version, as /update does in a comment: the spec, its
_service and its changelog are rewritten, digests of the new sources renewed, and the services of the modes manual,
disabled and localonly run. Commit what you like of it. Without VERSION the upstream is asked for its newest release.
  --offline       asks nobody: rewrites the texts, and says what is left to do
  --host NAME     another host that may be asked, besides the deployment's; NAME=ORIGIN asks there in its place
Only hosts that the deployment allows (serverless/deployment.json) are asked, with GITHUB_TOKEN for GitHub's API if that is set.
Nothing is written where anything goes wrong, or over what is not committed.
Exit codes: 0 updated, or nothing to do; 1 refused; 2 something else went wrong.
`;

const HOUSE = resolve(import.meta.dirname, "../..");

process.exitCode = await main(process.env).catch((error: unknown) => {
  process.stderr.write(`millwright: ${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});

async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      offline: { type: "boolean", default: false },
      host: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return tell(HELP);
  if (positionals.length > 2) throw new Error(`name one recipe, and one version.\n\n${HELP}`);
  const { hosts, github } = await deployment();
  const updated = await updateHere(await openWorkingCopy(process.cwd(), env), {
    words: positionals,
    isOffline: values.offline,
    hosts: { ...hosts, ...Object.fromEntries(values.host.map(hostOf)) },
    github: { api: env["GITHUB_API_URL"] ?? github.api, token: env["GITHUB_TOKEN"] },
    at: new Date().toISOString(),
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  return ended(updated);
}

async function deployment(): Promise<Pick<Deployment, "hosts" | "github">> {
  const text = await readFile(join(HOUSE, "serverless/deployment.json"), "utf8");
  return Deployment.parse(JSON.parse(text));
}

function hostOf(given: string): readonly [string, string] {
  const at = given.indexOf("=");
  return at < 0 ? [given, `https://${given}`] : [given.slice(0, at), given.slice(at + 1)];
}

function ended(updated: Updated): number {
  if ("because" in updated) {
    if (updated.kind === "nothing") return tell(`${updated.because}\n`);
    process.stderr.write(`millwright: ${updated.because}\n`);
    return 1;
  }
  const { recipe, was, version, summary, undone } = updated;
  const left = undone.length === 0 ? "" : `Left to do:\n${undone.map((line) => `- ${line}\n`).join("")}`;
  return tell(`${recipe}: ${was} -> ${version}\n${summary}${left}`);
}

function tell(text: string): number {
  process.stdout.write(text);
  return 0;
}
