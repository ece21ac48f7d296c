import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with one plain line of counts, and before it says what was skipped. */
export const counts: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    // A file that could not be loaded has no tests to count, and is a failure all the same.
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    for (const test of tests.filter((test) => test.result().state === "skipped"))
      process.stdout.write(`skipped: ${test.fullName}\n`);
    const failed = count("failed") + broken;
    process.stdout.write(`${count("passed")} passed, ${failed} failed, ${count("skipped")} skipped\n`);
  },
};
