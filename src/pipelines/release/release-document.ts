import { z } from "zod";

/** The file in which a publish stage tells what a release is made of, and what is new in it; also on the mirror. */
export const RELEASE_FILE = "release.json";

/** What a packager wrote of a version: the day, and who and what as they wrote it, cut short. */
export const Remark = z.readonly(z.strictObject({ day: z.string(), author: z.string(), text: z.string() }));
export type Remark = z.infer<typeof Remark>;

/** A package of a release. `version` is version and release, `source` the name of what it was built from, `location` its
 *  address; size in bytes. */
const ReleasedPackage = z.readonly(
  z.strictObject({
    name: z.string(),
    version: z.string(),
    arch: z.string(),
    source: z.string(),
    location: z.string(),
    sha256: z.string(),
    size: z.int(),
  }),
);
export type ReleasedPackage = z.infer<typeof ReleasedPackage>;

/** What a release has for a target: the address of its snapshot, and of the repository file that stays with it. */
const ReleasedTarget = z.readonly(
  z.strictObject({
    target: z.string(),
    snapshot: z.string(),
    /** Follows the channel. */
    repo: z.string(),
    /** Stays with this release. */
    "pinned-repo": z.string(),
    /** What it was built for, as far as that is there. */
    arches: z.readonly(z.array(z.string())),
    packages: z.readonly(z.array(ReleasedPackage)),
  }),
);
export type ReleasedTarget = z.infer<typeof ReleasedTarget>;

/** What became of all that was built from one source: `from` a version `to` another, in these targets. */
export const Change = z.readonly(
  z.strictObject({
    kind: z.enum(["added", "updated", "removed"]),
    source: z.string(),
    from: z.optional(z.string()),
    to: z.optional(z.string()),
    targets: z.readonly(z.array(z.string())),
    /** What was written since, the newest first. */
    changelog: z.readonly(z.array(Remark)),
  }),
);
export type Change = z.infer<typeof Change>;

/** All of one release, as `release.json` has it. Times are ISO 8601 in UTC, days are those of the calendar. */
export const ReleaseDocument = z.readonly(
  z.strictObject({
    release: z.string(),
    repository: z.string(),
    channel: z.string(),
    at: z.string(),
    commit: z.string(),
    branch: z.string(),
    from: z.optional(z.string()),
    "rollback-to": z.optional(z.string()),
    "support-until": z.optional(z.string()),
    /** The release of this channel that came before, which the changes are counted from. */
    previous: z.optional(z.string()),
    targets: z.readonly(z.array(ReleasedTarget)),
    changes: z.readonly(z.array(Change)),
    /** By source: the newest of what was written. */
    changelogs: z.readonly(z.record(z.string(), z.readonly(z.array(Remark)))),
  }),
);
export type ReleaseDocument = z.infer<typeof ReleaseDocument>;
