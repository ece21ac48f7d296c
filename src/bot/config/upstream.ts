import { z } from "zod";
import { Flag, Id, Name } from "./fields.ts";
import { keys } from "../words/config-keys.ts";
import { values } from "../words/config.ts";

/** `owner/name` of a repository on GitHub. */
const RepoName = Name.superRefine((text, context) => {
  if (!isRepoName(text)) context.addIssue({ code: "custom", message: values.repoName });
}).meta({ type: "string", pattern: "^[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}$" });

function isRepoName(text: string): boolean {
  const [owner = "", name = "", ...rest] = text.split("/");
  return rest.length === 0 && isOf(owner, 39, "-") && isOf(name, 100, "._-");
}

const GitAddress = Name.superRefine((text, context) => {
  if (!text.startsWith("https://")) context.addIssue({ code: "custom", message: values.https });
}).meta({ type: "string", pattern: "^https://" });

const PLACES = ["github", "git", "anitya"] as const;

/** Where a recipe's upstream tells of releases, and which of them count. */
export const UpstreamRule = z
  .strictObject({
    github: RepoName.optional().meta(keys.upstream.github),
    git: GitAddress.optional().meta(keys.upstream.git),
    anitya: Id.optional().meta(keys.upstream.anitya),
    include: Name.optional().meta(keys.upstream.include),
    exclude: Name.optional().meta(keys.upstream.exclude),
    versionMask: Name.optional().meta(keys.upstream.versionMask),
    prerelease: Flag.optional().meta(keys.upstream.prerelease),
  })
  .superRefine((rule, context) => {
    const [, second] = PLACES.filter((place) => rule[place] !== undefined);
    if (second !== undefined)
      context.addIssue({ code: "custom", path: [second], message: values.oneUpstream });
  });
export type UpstreamRule = z.infer<typeof UpstreamRule>;

const LETTERS = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

const isOf = (text: string, max: number, more: string): boolean =>
  text.length > 0 && text.length <= max && Array.from(text).every((c) => LETTERS.has(c) || more.includes(c));
