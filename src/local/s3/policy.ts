import { z } from "zod";
import type { Bucket } from "./bucket.ts";
import { accessDenied, refusal } from "./refusal.ts";
import { parseXml } from "./xml.ts";

/** A condition's values may be written as booleans and numbers too. */
const Word = z.union([z.string(), z.boolean(), z.number()]).transform(String);
const Words = z.union([Word.transform((word) => [word]), z.array(Word)]);
const Condition = z.record(z.string(), z.record(z.string(), Words));

const Statement = z.object({
  Effect: z.enum(["Allow", "Deny"]),
  Principal: z.union([z.string(), z.record(z.string(), Words)]),
  Action: Words,
  Resource: Words,
  Condition: z.optional(Condition),
});
type Statement = z.infer<typeof Statement>;

const Policy = z.object({
  Version: z.optional(z.string()),
  Statement: z.union([Statement.transform((one) => [one]), z.array(Statement)]),
});

const PublicAccessBlock = z.object({
  PublicAccessBlockConfiguration: z.record(z.string(), z.string()).catch({}),
});

/** What somebody wants to do, in the words of a policy. */
export interface Request {
  readonly action: "s3:GetObject" | "s3:ListBucket";
  /** ARN */
  readonly resource: string;
}

/** May anybody at all do this, by the bucket's policy and its public access block? */
export function allowsAnybody(bucket: Bucket, request: Request): boolean {
  const text = bucket.settings["policy"];
  if (text === undefined || blocks(bucket, "RestrictPublicBuckets")) return false;
  const applying = statementsOf(text).filter((statement) => applies(statement, request));
  const holds = (effect: Statement["Effect"]): boolean =>
    applying.some((statement) => statement.Effect === effect && conditionsHold(statement));
  return holds("Allow") && !holds("Deny");
}

/** Refuses a policy that cannot be read, or that would open a bucket whose public policies are blocked. */
export function checkPolicy(text: string, bucket: Bucket): void {
  const statements = statementsOf(text);
  const foreign = statements
    .flatMap((statement) => statement.Resource)
    .find((arn) => arn !== arnOf(bucket.name) && !arn.startsWith(`${arnOf(bucket.name)}/`));
  if (foreign !== undefined) throw malformed(`Policy has invalid resource: ${foreign}`);
  const opens = statements.some(({ Effect, Principal }) => Effect === "Allow" && isAnybody(Principal));
  if (opens && blocks(bucket, "BlockPublicPolicy")) {
    throw accessDenied("public policies are blocked by the BlockPublicPolicy setting");
  }
}

export const arnOf = (bucket: string, key?: string): string =>
  `arn:aws:s3:::${bucket}${key === undefined ? "" : `/${key}`}`;

function statementsOf(text: string): readonly Statement[] {
  try {
    return Policy.parse(JSON.parse(text)).Statement;
  } catch (cause) {
    throw Object.assign(malformed("Policies must be valid JSON with readable statements"), { cause });
  }
}

const malformed = (message: string): Error => refusal(400, "MalformedPolicy", { message });

const applies = (statement: Statement, { action, resource }: Request): boolean =>
  isAnybody(statement.Principal) &&
  statement.Action.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
  statement.Resource.some((pattern) => matches(pattern, resource));

const isAnybody = (principal: Statement["Principal"]): boolean =>
  typeof principal === "string" ? principal === "*" : (principal["AWS"] ?? []).includes("*");

/**
 * The loopback counts as a secure transport. Of what we do not evaluate, the safe side is taken: it allows nothing
 * and denies.
 */
function conditionsHold({ Effect, Condition: conditions }: Statement): boolean {
  return Object.entries(conditions ?? {}).every(([operator, tests]) =>
    Object.entries(tests).every(([name, values]) =>
      operator === "Bool" && name.toLowerCase() === "aws:securetransport"
        ? values.includes("true")
        : Effect === "Deny",
    ),
  );
}

/** `*` is any text, `?` any one character. */
function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  const regex = new RegExp(`^${escaped.replaceAll(/\*+/g, ".*").replaceAll("?", ".")}$`, "su");
  return regex.test(text);
}

function blocks(bucket: Bucket, setting: string): boolean {
  const text = bucket.settings["publicAccessBlock"];
  if (text === undefined) return false;
  const document = PublicAccessBlock.safeParse(parseXml(text));
  return document.success && document.data.PublicAccessBlockConfiguration[setting] === "true";
}
