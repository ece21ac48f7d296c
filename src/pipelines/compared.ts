import { CONTENTS } from "./release/papers.ts";
import type { File } from "./stage.ts";

/** Facts of a trusted build: the untrusted attempt of equal inputs whose packages hold the same, or do not. */
export const AS_TESTED = "as tested";
export const NOT_AS_TESTED = "not as tested";

/** How what a build left compares to what another of equal inputs left, as a fact of it; none where one has no list. */
export function comparedWith(
  files: readonly File[],
  other: { readonly from: string; readonly files: readonly File[] },
): Readonly<Record<string, string>> {
  const [ours, theirs] = [files, other.files].map((all) => all.find(({ name }) => name === CONTENTS)?.sha256);
  if (ours === undefined || theirs === undefined) return {};
  return { [ours === theirs ? AS_TESTED : NOT_AS_TESTED]: other.from };
}
