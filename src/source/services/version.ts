import { isVersion } from "../../pipelines/service/values.ts";
import { refused } from "../failure.ts";
import type { Git } from "../git.ts";
import { visible } from "../progress.ts";
import { rewrite } from "./pattern.ts";

/** What of git's words for a commit may stand in a version. Dates are those of the commit's own time zone. */
const WORDS = ["ct", "at", "cd", "ad", "cs", "as", "h", "H", "an", "cn"] as const;

/** Facts of a commit that a version is made of. `%h` has seven digits, however much of the history is here. */
export type Facts = Readonly<Record<(typeof WORDS)[number], string>>;

export async function factsOf(git: Git, commit: string): Promise<Facts> {
  const format = `--format=${WORDS.map((word) => `%${word}`).join("%x00")}`;
  const args = ["log", "-1", "--no-show-signature", "--date=short", "--abbrev=7", format, commit];
  const { out } = await git({ args });
  const values = out.toString("utf8").trim().split("\0");
  const facts = Object.fromEntries(WORDS.map((word, at) => [word, values[at] ?? ""]));
  return { ct: "", at: "", cd: "", ad: "", cs: "", as: "", h: "", H: "", an: "", cn: "", ...facts };
}

/** The parameters that a version is made by. */
export interface VersionParams {
  readonly version?: string | undefined;
  readonly versionprefix?: string | undefined;
  readonly "versionrewrite-pattern"?: string | undefined;
  readonly "versionrewrite-replacement"?: string | undefined;
}

/** The version of what was fetched, "" for none. `detect` is only asked where nobody has said it. */
export async function versionBy(params: VersionParams, detect: () => Promise<string>): Promise<string> {
  const { version = "_auto_", versionprefix: prefix } = params;
  if (version === "_none_") return "";
  const found = version === "_auto_" ? rewritten(await detect(), params) : version;
  const whole = prefix === undefined ? found : `${prefix}.${found}`;
  if (!isVersion(whole))
    throw refused(
      `${visible(whole)} is no version for a package; see versionformat and versionrewrite-pattern.`,
    );
  return whole;
}

function rewritten(version: string, params: VersionParams): string {
  const pattern = params["versionrewrite-pattern"];
  const plain = version.replaceAll(/[-:]/g, "");
  return pattern === undefined
    ? plain
    : rewrite(plain, pattern, params["versionrewrite-replacement"] ?? "\\1");
}

/** What stands for facts in a `versionformat`. */
export interface Described {
  readonly facts: Facts;
  /** The tag that comes before, and how many commits there are since. */
  readonly tag: () => Promise<string>;
  readonly offset: () => Promise<string>;
}

/** Fills in `%ct`, `@PARENT_TAG@` and the like. */
export async function formatted(format: string, { facts, tag, offset }: Described): Promise<string> {
  const parts = format.split(/(@PARENT_TAG@|@TAG_OFFSET@|%[A-Za-z]{1,2}|%.?)/);
  const filled = parts.map(async (part, at) => {
    if (at % 2 === 0) return part;
    if (part === "@PARENT_TAG@") return tag();
    if (part === "@TAG_OFFSET@") return offset();
    return placeholder(part, facts);
  });
  return (await Promise.all(filled)).join("");
}

function placeholder(part: string, facts: Facts): string {
  const word = WORDS.find((one) => `%${one}` === part);
  if (word) return facts[word];
  // `%h` may be followed by a letter that is meant as such.
  const short = WORDS.find((one) => one.length === 1 && part.startsWith(`%${one}`));
  if (short) return facts[short] + part.slice(2);
  if (part === "%%") return "%";
  throw refused(`versionformat: ${visible(part)} stands for nothing; known are ${KNOWN}.`);
}

const KNOWN = [...WORDS.map((word) => `%${word}`), "@PARENT_TAG@", "@TAG_OFFSET@"].join(" ");
