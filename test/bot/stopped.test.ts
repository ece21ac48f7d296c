import { expect, test } from "vitest";
import { stopped } from "../../src/bot/words/stopped.ts";

test("what stopped a build is said in a sentence, with the scriptlet if one failed", () => {
  expect(stopped({ kind: "compiler", scriptlet: "%build", guessed: false })).toBe(
    "The compiler stopped in `%build`:",
  );
  expect(stopped({ kind: "memory", guessed: false })).toBe("The builder's memory was used up:");
  expect(stopped({ guessed: false })).toBe("The build failed:");
});

test("a guess is said to be one", () => {
  expect(stopped({ guessed: true, scriptlet: "%check" })).toBe(
    "The build failed in `%check`. No error that is known was found; the log ends like this:",
  );
});
