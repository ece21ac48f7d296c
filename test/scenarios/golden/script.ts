import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { BuildRule } from "./build-rule.ts";
import { verbs } from "./verbs.ts";

const names = Object.keys(verbs);
const Step = z
  .strictObject({
    ...verbs,
    /** Does not wait until nothing more happens. */
    hasty: z.boolean().optional(),
  })
  .refine((step) => names.filter((name) => name in step).length === 1, {
    error: `a step is one of ${names.join(", ")}`,
  });
export type Step = z.infer<typeof Step>;

const Level = z.enum(["none", "read", "triage", "write", "maintain", "admin"]);
export type Level = z.infer<typeof Level>;

/** A scenario: what people do on GitHub, and what their builds do. */
const Script = z.strictObject({
  title: z.string(),
  /** The first commit of the default branch; `spec` stands for a spec of the file's name. */
  files: z.record(z.string(), z.string()).default({ "README.md": "# Packages\n" }),
  private: z.boolean().default(false),
  /** Besides the owner: what they may do to the repository. */
  people: z.record(z.string(), Level).default({}),
  builds: z.array(BuildRule).default([]),
  steps: z.array(Step),
  /** Waits for a queue to give up, which takes minutes: it is begun first. */
  long: z.boolean().default(false),
  /** What goes wrong here would disturb others. */
  alone: z.boolean().default(false),
  /** How often GitHub is asked what depends on how news happen to come together. */
  uncounted: z.boolean().default(false),
});
export type Script = z.infer<typeof Script>;

/** Reads a scenario; whatever is wrong is told with its line. */
export function readScript(text: string, file: string): Script {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error) throw new Error(`${file}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
  const read = Script.safeParse(document.toJS());
  if (read.success) return read.data;
  const wrong = read.error.issues.map(({ path, message }) => {
    const at = nodeAt(document, path);
    return `${file}:${at === undefined ? 1 : lines.linePos(at).line}: ${path.join(".")}: ${message}`;
  });
  throw new Error(wrong.join("\n"));
}

/** Where what a path leads to begins, or what is around it. */
function nodeAt(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
): number | undefined {
  const found = z
    .object({ range: z.tuple([z.number(), z.number(), z.number()]) })
    .safeParse(document.getIn(path, true));
  if (found.success) return found.data.range[0];
  return path.length === 0 ? undefined : nodeAt(document, path.slice(0, -1));
}
