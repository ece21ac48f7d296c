import { expect, test } from "vitest";
import { aboveLog, stopped } from "../../src/bot/words/stopped.ts";

test("what stopped a build is said in a few words, with the scriptlet if one failed", () => {
  expect(stopped({ kind: "compiler", scriptlet: "%build", guessed: false })).toBe(
    "The compiler stopped in %build",
  );
  expect(stopped({ kind: "memory", guessed: false })).toBe("The builder's memory was used up");
  expect(stopped({ scriptlet: "%check", guessed: false })).toBe("The build failed in %check");
});

test("a guess is said to be one", () => {
  expect(aboveLog({ guessed: true })).toBe("No error that is known was found. The log ends like this:");
  expect(aboveLog({ kind: "tests", guessed: false })).toBe("What the log says:");
});
