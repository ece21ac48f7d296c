import type { Drift } from "../../pipelines/lock.ts";

/** What is said of promotions that are not what was tested. */

const FILES_MAX = 10;
const digest = (sha256: string | undefined): string =>
  sha256 === undefined ? "not there" : `sha256 ${sha256}`;

export const holds = {
  /** Why a build could not begin. */
  noRoot: (message: string) => `The build root cannot be had: ${message}`,
  /** Why a promotion's source stage did not pass; plain text in one line, as kept in the record. */
  drifted: ({ bundle, files }: Drift): string => {
    const changed = files
      .slice(0, FILES_MAX)
      .map(({ file, locked, now }) => `${file} was ${digest(locked)} and is ${digest(now)}`);
    const more = files.length > FILES_MAX ? [`${files.length - FILES_MAX} more`] : [];
    const what =
      changed.length > 0 ? [...changed, ...more].join("; ") : "the same files are packed otherwise";
    return `The sources are not those that were tested: ${what}. (The bundle was ${digest(bundle.locked)} and is ${digest(bundle.now)}.)`;
  },
} as const;
