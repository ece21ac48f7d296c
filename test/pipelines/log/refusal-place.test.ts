import { expect, test } from "vitest";
import { remarksOfRefusal } from "../../../src/pipelines/log/refusal-place.ts";

test("a refusal that names a line is a remark there", () => {
  expect(remarksOfRefusal("greet/_service:5: obs_scm: the parameter lfs is wrong.")).toEqual([
    { path: "greet/_service", line: 5, message: "obs_scm: the parameter lfs is wrong.", level: "failure" },
  ]);
});

test.each([
  "The branch shares no history with its base; rebase it onto the base.",
  "The branch conflicts with its base in a b:5: merge it.",
  "greet: there is no spec here.",
  "greet.spec:0: x",
  "greet.spec:: x",
  "greet.spec:12345678: x",
  ":5: x",
  "",
])("%j names none", (sentence) => {
  expect(remarksOfRefusal(sentence)).toEqual([]);
});
