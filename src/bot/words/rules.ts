/** By which rule a pull request is built, or is not. */
export const rules = {
  canWrite: "the author may write to this repository",
  trusted: "the config on the default branch trusts the author",
  neither: "the author may not write here and the config does not trust them",
} as const;
