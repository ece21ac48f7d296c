import { z } from "zod";

/** Characters of a summary or text. */
const longest = 65_535;

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

export const ChangedCheckRun = z.object({
  ...common,
  name: z.string().min(1).optional(),
  output: output(z.string().optional()),
});

export type CheckRunInput = z.infer<typeof ChangedCheckRun>;
