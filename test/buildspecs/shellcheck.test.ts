import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isProgram } from "../local/distribution/cache.ts";
import { readBuildspec, scriptsOf } from "./run-buildspec.ts";

const isThere = isProgram("shellcheck");
const why = isThere ? "" : " (skipped, because it is not installed)";

test.skipIf(!isThere).each(readdirSync(join(import.meta.dirname, "../../buildspecs")))(
  `shellcheck has nothing to say of %s${why}`,
  async (file) => {
    const scripts = scriptsOf(await readBuildspec(file));
    expect(scripts).not.toEqual([]);
    for (const input of scripts)
      expect(spawnSync("shellcheck", ["--shell=bash", "-"], { input, encoding: "utf8" }).stdout).toBe("");
  },
);
