import { describe, expect, test } from "vitest";
import { readScript } from "./golden/script.ts";

const SCRIPT = `title: A pull request
steps:
  - push: { as: proposal, files: { greet.spec: spec } }
  - open: {}
`;

describe("a mistake in a scenario is told with its file and line", () => {
  test("a verb that is not known", () => {
    expect(() => readScript(SCRIPT.replace("open:", "opne:"), "one.yaml")).toThrow(/^one\.yaml:4: .*opne/s);
  });

  test("a word that a verb does not take", () => {
    expect(() => readScript(SCRIPT.replace("as:", "name:"), "one.yaml")).toThrow(/^one\.yaml:3: /);
  });

  test("two verbs in one step", () => {
    expect(() => readScript(SCRIPT.replace("open: {}", "{ open: {}, close: {} }"), "one.yaml")).toThrow(
      /^one\.yaml:4: steps\.1: a step is one of push, force/,
    );
  });

  test("what is no YAML", () => {
    expect(() => readScript(`${SCRIPT}  - [`, "one.yaml")).toThrow(/^one\.yaml:5: /);
  });
});

test("what a scenario does not say is what is usual", () => {
  const { steps, files, people, builds } = readScript(SCRIPT, "one.yaml");
  expect(steps[1]?.open).toEqual({
    by: "owner",
    branch: "topic",
    base: "main",
    title: "A change",
    draft: false,
  });
  expect({ files, people, builds }).toEqual({
    files: { "README.md": "# Packages\n" },
    people: {},
    builds: [],
  });
});
