/** Files that a build leaves beside its packages, by name. */

/** The packages of a build's root, each with the digest of its header. */
export const ROOT = "build-root.tsv";
/** The repositories that its packages could be installed from, by the digest of their index. */
export const REPOSITORIES = "repositories.tsv";
/** What is in each package of a build, without what building it again changes. */
export const CONTENTS = "contents.tsv";
