import { describe, expect, test } from "vitest";
import { readBuildspec, variablesOf } from "../../../src/local/codebuild/buildspec.ts";

describe("a buildspec", () => {
  test("is YAML 1.1, where yes and no are answers", () => {
    const { artifacts } = readBuildspec("version: 0.2\nartifacts: {files: ['**/*'], discard-paths: yes}\n");
    expect(artifacts?.["discard-paths"]).toBe(true);
    expect(artifacts?.["exclude-paths"]).toEqual([]);
  });

  test("may leave out all but its version", () => {
    expect(readBuildspec("version: 0.2").phases).toBeUndefined();
    expect(readBuildspec("version: '0.2'\nphases:\n  build:\n").phases?.build).toBeNull();
    expect(readBuildspec("version: 0.2\nphases:\n  build:\n    commands:\n").phases?.build?.commands).toEqual(
      [],
    );
  });

  test("gives values of variables as text", () => {
    const spec = readBuildspec("version: 0.2\nenv: {variables: {A: 1, B: true, C: text}}\n");
    expect(variablesOf(spec)).toEqual({ A: "1", B: "true", C: "text" });
  });

  test("lets the later layer of variables win", () => {
    const spec = readBuildspec("version: 0.2\nenv: {variables: {A: spec, B: spec}}\n");
    const layer = (name: string, value: string) => [{ name, value, type: "PLAINTEXT" as const }];
    expect(variablesOf(spec, layer("B", "project"), layer("B", "start"))).toEqual({ A: "spec", B: "start" });
  });

  test.each([
    { text: "version: 0.1\n", says: "version: only version 0.2 is known here" },
    { text: "version: 0.2\nphases: {compile: {}}\n", says: "phases" },
    { text: "version: 0.2\nphases: {build: {commands: echo}}\n", says: "phases.build.commands" },
    { text: "version: 0.2\nphases: {build: {commands: [a: b]}}\n", says: "phases.build.commands.0" },
    { text: "version: 0.2\nphases: {build: {on-failure: RETRY}}\n", says: "phases.build.on-failure" },
    { text: "version: 0.2\nenv: {shell: powershell.exe}\n", says: "env.shell" },
    { text: "version: 0.2\nartifacts: {name: x}\n", says: "artifacts.files" },
    { text: "a: [b\n", says: "Flow sequence" },
    { text: "", says: "buildspec" },
  ])("that cannot be followed is refused with the place: $says", ({ text, says }) => {
    expect(() => readBuildspec(text)).toThrow(says);
  });
});
