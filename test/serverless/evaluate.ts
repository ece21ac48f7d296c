import { z } from "zod";

/** The subset of IAM's policy language that our template uses; anything else is an error, not a guess. */
const Text = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
export const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Principal: z.union([z.literal("*"), z.partialRecord(z.enum(["AWS", "Service"]), Text)]).optional(),
  Action: Text.optional(),
  NotAction: Text.optional(),
  Resource: Text.optional(),
  Condition: z.record(z.string(), z.record(z.string(), Text)).optional(),
});
export type Statement = z.infer<typeof Statement>;

export interface Request {
  /** ARN of a role, name of a service, or `anonymous`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

export interface Policies {
  readonly identity: readonly Statement[];
  /** The policy of the bucket, queue or key that is asked for. */
  readonly resource: readonly Statement[];
  /** A key obeys its own policy first; elsewhere either side may allow. */
  readonly resourceDecides: boolean;
  /** The policy of the VPC endpoint that the request goes through. */
  readonly endpoint?: readonly Statement[] | undefined;
}

/** Deny beats allow, and what nobody allows is denied. */
export function evaluate(policies: Policies, request: Request): "allow" | "deny" {
  const { identity, resource, resourceDecides, endpoint } = policies;
  const meets = (statement: Statement): boolean =>
    concerns(statement, request) && conditionsHold(statement, request);
  const mine = identity.filter(meets);
  const theirs = resource.filter((statement) => meets(statement) && names(statement, request.principal));
  const passing = endpoint?.filter(meets) ?? [];
  if ([...mine, ...theirs, ...passing].some(({ Effect }) => Effect === "Deny")) return "deny";
  if (endpoint && passing.length === 0) return "deny";
  const delegated = theirs.some(isAboutAccount) && mine.length > 0;
  const granted = theirs.some((statement) => !isAboutAccount(statement));
  if (resourceDecides) return granted || delegated ? "allow" : "deny";
  return granted || mine.length > 0 ? "allow" : "deny";
}

function concerns(statement: Statement, { action, resource }: Request): boolean {
  const named = (patterns: readonly string[]) =>
    patterns.some((one) => fits(one.toLowerCase(), action.toLowerCase()));
  const asked = statement.NotAction ? !named(statement.NotAction) : named(statement.Action ?? []);
  return asked && (statement.Resource ?? []).some((one) => fits(one, resource));
}

/** `*` is any text and `?` any one character; nothing else is special. */
export function fits(pattern: string, text: string): boolean {
  if (pattern.includes("${")) throw new Error(`No policy variables here: ${pattern}`);
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

function names({ Principal }: Statement, principal: string): boolean {
  if (Principal === "*") return true;
  const named = Object.values(Principal ?? {}).flat();
  return named.some(
    (one) => one === "*" || one === principal || (one.endsWith(":root") && principal.includes(":role/")),
  );
}

/** The account as a principal means: whoever IAM allows. */
const isAboutAccount = ({ Principal }: Statement): boolean =>
  typeof Principal === "object" &&
  Object.values(Principal)
    .flat()
    .every((one) => one.endsWith(":root"));

type Test = (given: readonly string[] | undefined, wanted: readonly string[]) => boolean;

const anyFits: Test = (given, wanted) =>
  given?.some((one) => wanted.some((pattern) => fits(pattern, one))) ?? false;
const anyEquals: Test = (given, wanted) => given?.some((one) => wanted.includes(one)) ?? false;

const OPERATORS: Readonly<Record<string, Test>> = {
  Bool: anyEquals,
  StringEquals: anyEquals,
  ArnEquals: anyFits,
  // What is negated holds also when the key is not there.
  StringNotEquals: (given, wanted) => !anyEquals(given, wanted),
  ArnNotEquals: (given, wanted) => !anyFits(given, wanted),
  "ForAnyValue:StringNotEquals": (given, wanted) => given?.some((one) => !wanted.includes(one)) ?? false,
  Null: (given, wanted) => wanted.includes(String(given === undefined)),
};

function conditionsHold({ Condition = {} }: Statement, { context }: Request): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const holds = OPERATORS[operator];
      if (!holds) throw new Error(`The evaluator does not know ${operator}.`);
      const given = context[key];
      return holds(given === undefined ? undefined : [given].flat(), wanted);
    }),
  );
}
