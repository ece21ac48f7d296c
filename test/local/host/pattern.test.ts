import { expect, test } from "vitest";
import { matches } from "../../../src/local/host/pattern.ts";

const EVENT = {
  source: "aws.codebuild",
  detail: { "project-name": "millwright-dev-publish", "build-status": "FAILED", tags: ["a", "b"], count: 1 },
};

test.each([
  ["an equal value", { source: ["aws.codebuild"] }, true],
  ["one of several values", { source: ["aws.s3", "aws.codebuild"] }, true],
  ["no equal value", { source: ["aws.s3"] }, false],
  ["a value that only begins alike", { source: ["aws.code"] }, false],
  ["a prefix", { detail: { "project-name": [{ prefix: "millwright-dev-" }] } }, true],
  ["a prefix further in", { detail: { "project-name": [{ prefix: "dev-" }] } }, false],
  ["a suffix", { detail: { "project-name": [{ suffix: "-publish" }] } }, true],
  ["anything but this", { detail: { "build-status": [{ "anything-but": "SUCCEEDED" }] } }, true],
  ["anything but these", { detail: { "build-status": [{ "anything-but": ["FAILED", "FAULT"] }] } }, false],
  ["anything but a prefix", { detail: { "build-status": [{ "anything-but": { prefix: "FA" } }] } }, false],
  ["anything but, of a field that is not there", { detail: { other: [{ "anything-but": "x" }] } }, false],
  ["a field that is there", { detail: { count: [{ exists: true }] } }, true],
  ["a field that is not", { detail: { other: [{ exists: false }] } }, true],
  ["an element of an array", { detail: { tags: ["b"] } }, true],
  ["a number, which is no text", { detail: { count: ["1"] } }, false],
  ["one field of two", { source: ["aws.codebuild"], detail: { "build-status": ["FAULT"] } }, false],
  ["a field below one that is not there", { detail: { deeper: { still: ["x"] } } }, false],
])("%s", (_name, pattern, expected) => {
  expect(matches(pattern, EVENT)).toBe(expected);
});

test("a filter that the host does not know is an error", () => {
  expect(() => matches({ detail: { count: [{ numeric: [">", 0] }] } }, EVENT)).toThrow(/numeric/);
});
