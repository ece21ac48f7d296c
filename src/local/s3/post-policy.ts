import { z } from "zod";
import { accessDenied, refusal } from "./refusal.ts";

const Bytes = z.coerce.number().pipe(z.int().min(0));
const LengthCondition = z.tuple([z.literal("content-length-range"), Bytes, Bytes]);
const TextCondition = z.tuple([z.enum(["eq", "starts-with"]), z.string().startsWith("$"), z.string()]);
const EqualCondition = z.record(z.string(), z.string());

const PostPolicy = z.object({
  expiration: z.iso.datetime({ offset: true }),
  conditions: z.array(z.union([LengthCondition, TextCondition, EqualCondition])),
});
type Condition = z.infer<typeof PostPolicy>["conditions"][number];

/** How many bytes the file may have, both ends inclusive. */
export interface Limits {
  readonly min: number;
  readonly max: number;
}

interface Test {
  readonly field: string;
  readonly kind: "eq" | "starts-with";
  readonly text: string;
}

const MAX_POST = 5 * 1024 ** 3;

/** These need no condition; every other field of a form does. */
const FREE = /^(policy|x-amz-signature|file|bucket|x-ignore-.*)$/;

/** Holds a form (its variables filled in, `bucket` set from the address) to its signed policy. */
export function checkForm(policy: string, fields: Readonly<Record<string, string>>, now: number): Limits {
  const { expiration, conditions } = parsePolicy(policy);
  if (now >= Date.parse(expiration)) throw invalid("Policy expired.");
  const tests = conditions.flatMap(testsOf);
  for (const { field, kind, text } of tests) {
    const value = fields[field] ?? "";
    const holds = kind === "eq" ? value === text : value.startsWith(text);
    if (!holds) throw invalid(`Policy Condition failed: ["${kind}", "$${field}", "${text}"]`);
  }
  const tested = new Set(tests.map(({ field }) => field));
  const extra = Object.keys(fields).find((field) => !tested.has(field) && !FREE.test(field));
  if (extra !== undefined) throw invalid(`Extra input fields: ${extra}`);
  return limitsOf(conditions);
}

/** Several ranges all hold. */
function limitsOf(conditions: readonly Condition[]): Limits {
  const ranges = conditions.flatMap((condition) =>
    Array.isArray(condition) && condition[0] === "content-length-range"
      ? [{ min: condition[1], max: condition[2] }]
      : [],
  );
  return {
    min: Math.max(0, ...ranges.map(({ min }) => min)),
    max: Math.min(MAX_POST, ...ranges.map(({ max }) => max)),
  };
}

function testsOf(condition: Condition): readonly Test[] {
  if (!Array.isArray(condition)) {
    return Object.entries(condition).map(([name, text]) => ({ field: name.toLowerCase(), kind: "eq", text }));
  }
  if (condition[0] === "content-length-range") return [];
  const [kind, name, text] = condition;
  return [{ field: name.slice(1).toLowerCase(), kind, text }];
}

function parsePolicy(policy: string): z.infer<typeof PostPolicy> {
  try {
    return PostPolicy.parse(JSON.parse(Buffer.from(policy, "base64").toString("utf8")));
  } catch (cause) {
    throw Object.assign(refusal(400, "InvalidPolicyDocument"), { cause });
  }
}

const invalid = (why: string): Error => accessDenied(`Invalid according to Policy: ${why}`);
