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

/** An image of a release. `name` is what its addresses begin with, `format` what they end in; size in bytes, the rest are
 *  addresses. */
export const ReleasedImage = z.readonly(
  z.strictObject({
    name: z.string(),
    arch: z.string(),
    target: z.string(),
    format: z.string(),
    /** Its own, under its number. */
    location: z.string(),
    /** The one that always has the channel's newest; absent: its name tells no version to leave out. */
    newest: z.optional(z.string()),
    sha256: z.string(),
    size: z.int(),
    /** Its digest in the form of sha256sum, and the signature over that. */
    checksum: z.string(),
    signature: z.string(),
    /** What it is made of, as it was built; the same as CycloneDX; and where it comes from. */
    packages: z.optional(z.string()),
    sbom: z.optional(z.string()),
    attestation: z.optional(z.string()),
  }),
);
export type ReleasedImage = z.infer<typeof ReleasedImage>;

/** The commit that a ref leads to, and the address of its repository. */
export const ReleasedTree = z.readonly(
  z.strictObject({ ref: z.string(), commit: z.string(), repository: z.string() }),
);
export type ReleasedTree = z.infer<typeof ReleasedTree>;

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
    images: z.optional(z.readonly(z.array(ReleasedImage))),
    /** Of all trees of the channel, those among them that did not change. */
    trees: z.optional(z.readonly(z.array(ReleasedTree))),
    changes: z.readonly(z.array(Change)),
    /** By source: the newest of what was written. */
    changelogs: z.readonly(z.record(z.string(), z.readonly(z.array(Remark)))),
  }),
);
export type ReleaseDocument = z.infer<typeof ReleaseDocument>;
