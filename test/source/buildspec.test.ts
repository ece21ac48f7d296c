import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";

type Phases = Record<string, { commands: string[] }>;
const { phases } = parse(readFileSync("buildspecs/source.yml", "utf8")) as { phases: Phases };
const PROGRAM = "process.stdout.write('the tool ran\\n');";
const DIGEST = createHash("sha256").update(PROGRAM).digest("hex");

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "buildspec-"));
  writeFileSync(join(dir, "tool.mjs"), PROGRAM);
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Runs the phases in order with bash, in a /tmp of their own. */
function run(env: Record<string, string>) {
  const commands = ["pre_build", "build"].flatMap((phase) => phases[phase]?.commands ?? []);
  const script = commands.join("\n").replaceAll("/tmp/", `${dir}/`);
  const ran = spawnSync("bash", ["-e", "-c", script], { env: { PATH: process.env["PATH"], ...env } });
  return { code: ran.status, out: ran.stdout.toString() };
}

test("the tool runs when it is the one that was deployed", () => {
  const env = { MILLWRIGHT_TOOL: join(dir, "tool.mjs"), MILLWRIGHT_TOOL_SHA256: DIGEST };
  expect(run(env)).toEqual({ code: 0, out: "the tool ran\n" });
});

test("another tool does not run", () => {
  const env = { MILLWRIGHT_TOOL: join(dir, "tool.mjs"), MILLWRIGHT_TOOL_SHA256: "0".repeat(64) };
  expect(run(env)).toMatchObject({ code: 75 });
  expect(run(env).out).toMatch(/millwright: infrastructure: the tool is not the one that was deployed\n$/);
});

test("a tool that is not there is the world's fault", () => {
  const env = { MILLWRIGHT_TOOL: join(dir, "gone.mjs"), MILLWRIGHT_TOOL_SHA256: DIGEST };
  expect(run(env)).toEqual({ code: 75, out: "millwright: infrastructure: the tool is not there\n" });
});
