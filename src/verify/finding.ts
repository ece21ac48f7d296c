/** What a stranger has to say of a mirror: something is `wrong` there, could not be looked at (`unseen`), was `skipped`
 *  on purpose, or is good to know (`note`). */
export interface Finding {
  readonly kind: "wrong" | "unseen" | "skipped" | "note";
  readonly rule: Rule;
  /** The address it is about. */
  readonly where: string;
  /** What is there, and why that matters: whole sentences. */
  readonly what: string;
  readonly why: string;
}

export type Rule =
  | "address"
  | "repo-file"
  | "pointer"
  | "missing"
  | "unreachable"
  | "key"
  | "signature"
  | "content"
  | "form"
  | "metadata"
  | "package"
  | "announcement"
  | "attestation"
  | "age"
  | "rollback";

interface Amiss extends Error {
  readonly finding: Finding;
}

/** A finding that ends the step which meets it. */
export const amiss = (finding: Finding): Amiss => Object.assign(new Error(sentence(finding)), { finding });

export const sentence = ({ where, what, why }: Finding): string => `${where}: ${what} ${why}`.trimEnd();

/** The finding that an error carries. */
export const findingOf = (error: unknown): Finding | undefined =>
  isAmiss(error) ? error.finding : undefined;

const isAmiss = (error: unknown): error is Amiss => error instanceof Error && "finding" in error;

/** Where findings are kept. */
export interface Notes {
  readonly findings: readonly Finding[];
  add(finding: Finding): void;
  /** Does a step; if that ends with a finding, keeps it and goes on without the step's result. */
  guard<T>(step: () => Promise<T> | T): Promise<T | undefined>;
}

export function openNotes(): Notes {
  const findings: Finding[] = [];
  return {
    findings,
    add: (finding) => void findings.push(finding),
    async guard(step) {
      try {
        return await step();
      } catch (error) {
        const finding = findingOf(error);
        if (!finding) throw error;
        findings.push(finding);
        return undefined;
      }
    },
  };
}
