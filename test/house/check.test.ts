import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

test("npm run check is green: types, lint, walls, format and dead code", () => {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "check"], { cwd: root, encoding: "utf8" });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
});
