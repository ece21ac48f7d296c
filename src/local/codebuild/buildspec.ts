import { parse } from "yaml";
import { z } from "zod";
import type { EnvironmentVariable } from "./model.ts";

const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Commands = z
  .array(Text)
  .nullish()
  .transform((commands) => commands ?? []);

const PhaseSpec = z.looseObject({
  commands: Commands,
  finally: Commands,
  "on-failure": z.enum(["ABORT", "CONTINUE"]).optional(),
  "run-as": z.literal("root", "builds run as root here").optional(),
});
export type PhaseSpec = z.infer<typeof PhaseSpec>;

const Artifacts = z.looseObject({
  files: z.array(z.string()).min(1),
  name: z.string().optional(),
  "base-directory": z.string().optional(),
  "discard-paths": z.boolean().default(false),
  "exclude-paths": z.array(z.string()).default([]),
});
export type Artifacts = z.infer<typeof Artifacts>;

const Variables = z.record(z.string(), Text);

const Buildspec = z.looseObject({
  version: z.union([z.literal(0.2), z.literal("0.2")], "only version 0.2 is known here"),
  env: z
    .looseObject({
      shell: z.enum(["bash", "/bin/bash", "sh", "/bin/sh"]).default("sh"),
      variables: Variables.nullish(),
      "exported-variables": z.array(z.string()).nullish(),
    })
    .nullish(),
  phases: z
    .strictObject({
      install: PhaseSpec.nullish(),
      pre_build: PhaseSpec.nullish(),
      build: PhaseSpec.nullish(),
      post_build: PhaseSpec.nullish(),
    })
    .nullish(),
  artifacts: Artifacts.nullish(),
});
export type Buildspec = z.infer<typeof Buildspec>;

export const PHASES = ["install", "pre_build", "build", "post_build"] as const;

/** Reads a buildspec (YAML 1.1, where `yes` is true); throws what is wrong with it in one line. */
export function readBuildspec(text: string): Buildspec {
  const result = Buildspec.safeParse(parseYaml(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${issue?.path.join(".") || "buildspec"}: ${issue?.message}`);
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { version: "1.1" });
  } catch (error) {
    throw new Error(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error), {
      cause: error,
    });
  }
}

/** Variables of a build: those of StartBuild win over the project's, these over the buildspec's. */
export function variablesOf(
  spec: Buildspec,
  ...layers: readonly (readonly EnvironmentVariable[])[]
): Record<string, string> {
  const entries = layers.flat().map(({ name, value }): [string, string] => [name, value]);
  return { ...spec.env?.variables, ...Object.fromEntries(entries) };
}
