import { z } from "zod";
import { refuse } from "./refusal.ts";

/** Characters, by GitHub's schema, and bytes, by its database, of a summary or text. */
const longest = 65_535;
/** Bytes of an annotation's message and details. */
const longestNote = 65_536;

const AnnotationInput = z.object({
  path: z.string(),
  start_line: z.number().int(),
  end_line: z.number().int(),
  start_column: z.number().int().optional(),
  end_column: z.number().int().optional(),
  annotation_level: z.enum(["notice", "warning", "failure"]),
  message: z.string(),
  title: z.string().max(255).optional(),
  raw_details: z.string().optional(),
});

const Action = z.object({
  label: z.string().max(20),
  description: z.string().max(40),
  identifier: z.string().max(20),
});

/** `stale` is GitHub's own word, and nobody else may say it. */
const conclusions = [
  "action_required",
  "cancelled",
  "failure",
  "neutral",
  "success",
  "skipped",
  "timed_out",
] as const;

const output = <Title extends z.ZodType<string | undefined>>(title: Title) =>
  z
    .object({
      title,
      summary: z.string().max(longest),
      text: z.string().max(longest).optional(),
      annotations: z.array(AnnotationInput).max(50).optional(),
    })
    .optional();

const common = {
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.enum(["queued", "in_progress", "completed"]).optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  conclusion: z.enum(conclusions).optional(),
  actions: z.array(Action).max(3).optional(),
};

export const NewCheckRun = z.object({
  ...common,
  name: z.string().min(1),
  head_sha: z.string(),
  output: output(z.string()),
});
export type NewCheckRun = z.infer<typeof NewCheckRun>;

export const ChangedCheckRun = z.object({
  ...common,
  name: z.string().min(1).optional(),
  output: output(z.string().optional()),
});
export type ChangedCheckRun = z.infer<typeof ChangedCheckRun>;

/** What GitHub refuses though its schema allows it: too many bytes, columns over several lines. */
export const checkOutput = (output: ChangedCheckRun["output"]): void => {
  if (!output) return;
  const errors = [
    ...tooLong("summary", output.summary, longest),
    ...tooLong("text", output.text, longest),
    ...(output.annotations ?? []).flatMap((annotation) => [
      ...tooLong("message", annotation.message, longestNote),
      ...tooLong("raw_details", annotation.raw_details, longestNote),
      ...strayColumns(annotation),
    ]),
  ];
  if (errors.length > 0) throw refuse(422, "Validation Failed", { errors });
};

const tooLong = (field: string, text: string | undefined, bytes: number) =>
  text !== undefined && Buffer.byteLength(text) > bytes
    ? [wrong(field, `${field} exceeds a maximum bytesize of ${bytes}`)]
    : [];

const strayColumns = (annotation: z.infer<typeof AnnotationInput>) => {
  const { start_line: start, end_line: end, start_column: from, end_column: to } = annotation;
  return start !== end && (from !== undefined || to !== undefined)
    ? [wrong("start_column", "Annotations only support start_column and end_column on the same line.")]
    : [];
};

const wrong = (field: string, message: string) => ({ resource: "CheckRun", code: "custom", field, message });
