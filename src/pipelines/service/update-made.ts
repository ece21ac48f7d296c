import { z } from "zod";
import { type Job, type Recipe, type Run, slug } from "../run.ts";
import type { Stage } from "../stage.ts";

/** Where a source stage that runs an update's services lists what it changed. */
export const MADE = "update.json";

/** What may be changed by them: so many files, of so many bytes together. */
export const MADE_FILES = 40;
export const MADE_BYTES = 20 * 1024 * 1024;

const NAME_MAX = 200;

/** One visible name in the recipe's folder: no path, no hidden file, no option. */
export const isMadeName = (name: string): boolean =>
  name !== "" &&
  name.length <= NAME_MAX &&
  !name.startsWith(".") &&
  !name.startsWith("-") &&
  name === name.trim() &&
  Array.from(name).every(isVisible);

const isVisible = (char: string): boolean => {
  const point = char.codePointAt(0) ?? 0;
  const isControl = point < 0x20 || (point >= 0x7f && point < 0xa0);
  return !isControl && char !== "/" && char !== "\\" && char !== "\ufffd";
};

const Name = z.string().refine(isMadeName);

const Made = z.readonly(
  z.strictObject({
    v: z.literal(1),
    /** Names in the recipe's folder, and the file of the attempt that each has its content in. */
    files: z.readonly(z.array(z.strictObject({ name: Name, content: z.string() })).max(MADE_FILES)),
    /** Names that are no more. */
    gone: z.readonly(z.array(Name).max(MADE_FILES)),
  }),
);
export type Made = z.infer<typeof Made>;

/** Reads what was made for a recipe with this spec; `undefined`: it is nothing that may be committed. */
export function readMade(text: string, spec: string): Made | undefined {
  const made = Made.safeParse(jsonOf(text)).data;
  const names = [...(made?.files.map(({ name }) => name) ?? []), ...(made?.gone ?? [])];
  const isPlain = new Set(names).size === names.length && !made?.gone.includes(spec);
  return isPlain && names.every((name) => name === spec || !name.endsWith(".spec")) ? made : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of a run for a commit that proposes an update: the recipe by name, and the commit it was made on. */
export interface Updating {
  readonly recipe: string;
  readonly before: string;
}

const stageName = (recipe: string): string => `source/update:${slug(recipe)}`;

/** The stage that runs a recipe's services for updates goes before its sources are collected, however it ends. */
export function withUpdate(
  { jobs, stages, zone }: Pick<Run, "jobs" | "stages" | "zone">,
  { recipe, before }: Updating,
): readonly Stage[] {
  const job = jobs.find((one) => one.recipe.kind === "rpm" && one.recipe.name === recipe);
  if (!job) return stages;
  const name = stageName(recipe);
  const pool = `source-${zone}`;
  const first: Stage = { name, kind: "source", pool, needs: [], before, state: "waiting", attempt: 1 };
  const needs = [{ stage: name, be: "over" as const }];
  return [first, ...stages.map((stage) => (stage.name === job.source ? { ...stage, needs } : stage))];
}

/** The recipe that a stage runs the services of. */
export const updatedBy = (jobs: readonly Job[], { name }: Pick<Stage, "name">): Recipe | undefined =>
  jobs.find(({ recipe }) => recipe.kind === "rpm" && stageName(recipe.name) === name)?.recipe;
