import type { z } from "zod";
import { refuse } from "./refusal.ts";

/** What was sent in the shape that is wanted, or 422 in the words of GitHub's check of requests. */
export const readRequest = <T>(schema: z.ZodType<T>, sent: unknown): T => {
  const parsed = schema.safeParse(sent ?? {}, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw refuse(422, `Invalid request.\n\n${parsed.error.issues.map(sentenceOf).join("\n")}`);
};

const sentenceOf = (issue: z.core.$ZodIssue): string => {
  const { path, input } = issue;
  const at = `For 'properties/${path.join("/")}'`;
  if (issue.code === "too_big") return tooBig(issue, input);
  if (input === undefined) return `"${String(path.at(-1))}" wasn't supplied.`;
  if (issue.code === "invalid_value")
    return `${at}, ${shown(input)} is not a member of ${JSON.stringify(issue.values)}.`;
  if (issue.code === "invalid_type") return `${at}, ${shown(input)} is not a ${issue.expected}.`;
  return `${at}, ${issue.message}.`;
};

const tooBig = (issue: z.core.$ZodIssueTooBig, input: unknown): string => {
  const sent = typeof input === "string" || Array.isArray(input) ? input.length : String(input);
  return issue.origin === "array"
    ? `No more than ${issue.maximum} items are allowed; ${sent} were supplied.`
    : `Only ${issue.maximum} characters are allowed; ${sent} were supplied.`;
};

const shown = (value: unknown): string => (value === null ? "nil" : JSON.stringify(value));
