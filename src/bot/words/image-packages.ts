import type { PackageChanges } from "../../pipelines/package-changes.ts";
import { fence } from "../markdown/markdown.ts";

/** What an image or a tree has otherwise than the one built before it: a line each, as a difference. */
export function packagesSummary({ changes, count, at }: PackageChanges): string {
  const since = `the last build, of ${at.slice(0, 10)}`;
  if (count === 0) return `It has the same packages as ${since}.`;
  const lines = changes.map(({ name, was, is }) => {
    if (was === undefined) return `+ ${name} ${is ?? ""}`;
    return is === undefined ? `- ${name} ${was}` : `! ${name} ${was} -> ${is}`;
  });
  const more = count > changes.length ? [`… and ${count - changes.length} more`] : [];
  const packages = count === 1 ? "1 package differs" : `${count} packages differ`;
  return `${packages} from ${since}:\n\n${fence([...lines, ...more].join("\n"))}`;
}
