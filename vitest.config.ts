import { defineConfig } from "vitest/config";
import { counts } from "./test/reporter.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // Two cores: real tools run in many of these tests, and more workers only make each slower.
    maxWorkers: 2,
    reporters: ["default", counts],
  },
});
