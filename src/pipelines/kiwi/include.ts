import type { Mistake } from "../xml.ts";
import type { Description, Include } from "./description.ts";

/** So many files may make one description. */
const INCLUDES_MAX = 20;

/** The repository's files that a description takes in, by path; or at which line it asks for what is none of them. */
export function includedPaths(
  path: string,
  includes: readonly Include[],
): readonly (Include & { readonly path: string })[] | Mistake {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  if (includes.length > INCLUDES_MAX)
    return {
      line: includes[INCLUDES_MAX]?.line ?? 1,
      sentence: `More than ${INCLUDES_MAX} files are included.`,
    };
  const found: (Include & { readonly path: string })[] = [];
  for (const include of includes) {
    const beside = besideIt(include.from);
    if (beside === undefined)
      return {
        line: include.line,
        sentence: "An included file is named as file://name.xml, beside or below the description.",
      };
    found.push({ ...include, path: folder + beside });
  }
  return found;
}

/** kiwi reads what `file://` and `this://` name from the description's own folder. */
function besideIt(from: string): string | undefined {
  const scheme = ["file://", "this://"].find((start) => from.startsWith(start));
  if (scheme === undefined) return undefined;
  const parts = from
    .slice(scheme.length)
    .split("/")
    .filter((part) => part !== ".");
  const isBelow = parts.every((part) => part !== "" && part !== "..");
  return isBelow && parts.length > 0 ? parts.join("/") : undefined;
}

/** A description with what it takes in; that itself takes in nothing more. */
export const withIncluded = (
  description: Description,
  included: readonly { readonly path: string; readonly description: Description }[],
): Description => ({
  ...description,
  profiles: [...description.profiles, ...included.flatMap(({ description }) => description.profiles)],
  preferences: [
    ...description.preferences,
    ...included.flatMap(({ path, description }) =>
      description.preferences.map(({ manager, ...rest }) =>
        manager ? { ...rest, manager: { ...manager, path } } : rest,
      ),
    ),
  ],
});
