import { defineConfig } from "vitest/config";
import { cases } from "./test/fuzz.ts";
import { counts } from "./test/reporter.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // More cases than usual take as much longer.
    testTimeout: 240_000 * Math.max(1, cases() / 10_000),
    hookTimeout: 300_000,
    // Two cores: real tools run in many of these tests, and more workers only make each slower.
    maxWorkers: 2,
    reporters: ["default", counts],
  },
});
