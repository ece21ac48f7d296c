import { rules } from "./words/rules.ts";

/** What is known of a pull request's author and commit when it is judged. */
export interface Claim {
  readonly author: number;
  /** By GitHub's permission API, asked for this author's id. */
  readonly canWrite: boolean;
  /** Numeric ids from the config on the default branch. */
  readonly trusted: readonly number[];
}

/** May this commit be built? An answer of no carries its reason. */
export type Leave =
  | { readonly may: true; readonly rule: string }
  | { readonly may: false; readonly rule: string };

/** Authority is a numeric id in a set or GitHub's permission API; nothing else counts. */
export function mayBuild({ author, canWrite, trusted }: Claim): Leave {
  if (canWrite) return { may: true, rule: rules.canWrite };
  if (new Set(trusted).has(author)) return { may: true, rule: rules.trusted };
  return { may: false, rule: rules.neither };
}

/** In which zone? Only what stands on a protected branch is trusted, whoever asked for it. */
export const zoneOf = (branch: { readonly isProtected: boolean } | undefined) =>
  branch?.isProtected ? "trusted" : "untrusted";
