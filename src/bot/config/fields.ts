import { z } from "zod";
import { rangeOf } from "../../pipelines/toolchain.ts";
import { isPrintable } from "./text.ts";
import { values } from "../words/config.ts";

/**
 * The kinds of values in the config. YAML is read so that every scalar is text, and numbers are read from that text here.
 * Editors read the same scalar as a number or a boolean, so each kind says in its `meta` what they may see.
 */

/** A whole number in decimal digits, within bounds. */
export const whole = (minimum: number, maximum: number) =>
  z
    .string()
    .transform((text, context) => {
      const number = numberOf(text);
      if (number !== undefined && number >= minimum && number <= maximum) return number;
      return refuse(context, values.whole(text, minimum, maximum));
    })
    .meta({ type: ["integer", "string"], minimum, maximum, pattern: "^(0|[1-9][0-9]{0,14})$" });

/** A numeric GitHub id. */
export const Id = z
  .string()
  .transform((text, context) => numberOf(text) || refuse(context, values.id(text)))
  .meta({ type: ["integer", "string"], minimum: 1, pattern: "^[1-9][0-9]{0,14}$" });

/** `true` or `false`. */
export const Flag = z
  .string()
  .transform((text, context) => {
    if (text === "true" || text === "false") return text === "true";
    return refuse(context, values.flag(text), FLAGS.get(text.toLowerCase()));
  })
  .meta({ type: ["boolean", "string"], enum: [true, false, "true", "false"] });

const FLAGS: ReadonlyMap<string, string> = new Map([
  ...["yes", "on", "y", "true"].map((word) => [word, "true"] as const),
  ...["no", "off", "n", "false"].map((word) => [word, "false"] as const),
]);

const NAME_MAX = 200;
/** A name that others gave: of a branch, a target, a recipe. One like 15.6 looks like a number to editors. */
export const Name = z
  .string()
  .superRefine((text, context) => {
    if (text === "") refuse(context, values.empty);
    else if (text.length > NAME_MAX) refuse(context, values.long(NAME_MAX));
    else if (!isPlain(text)) refuse(context, values.controls);
  })
  .meta({ type: ["string", "number"], minLength: 1, maxLength: NAME_MAX });

/** A name as a key of a map: editors see text there. */
export const Key = Name.meta({ type: "string", minLength: 1, maxLength: NAME_MAX });

/** A channel's name becomes a part of the mirror's addresses; `pr` is where pull requests have theirs. */
export const ChannelName = z
  .string()
  .superRefine((name, context) => {
    if (name.toLowerCase() === "pr") refuse(context, values.reserved);
    else if (!isChannelName(name)) refuse(context, values.channel);
  })
  .meta({ pattern: "^(?![pP][rR]$)[A-Za-z][A-Za-z0-9._-]{0,39}$" });

/** A time of day in UTC, `02:30`. */
export const TimeOfDay = z
  .string()
  .superRefine((text, context) => {
    const [hours = "", minutes = "", ...rest] = text.split(":");
    const isTime = isTwoDigits(hours, 23) && isTwoDigits(minutes, 59) && rest.length === 0;
    if (!isTime) refuse(context, values.time(text));
  })
  .meta({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$" });

const isTwoDigits = (text: string, max: number): boolean =>
  text.length === 2 && Array.from(text).every((c) => c >= "0" && c <= "9") && Number(text) <= max;

/** A day of the calendar, `2027-12-31`. */
export const Day = z
  .string()
  .superRefine((text, context) => (isDay(text) ? undefined : refuse(context, values.day(text))))
  .meta({ pattern: "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$" });

function isDay(text: string): boolean {
  const [year = "", month = "", day = "", ...rest] = text.split("-");
  const isNumber = year.length === 4 && isOf(year, new Set(DIGITS), 4) && year.startsWith("20");
  const isWhole = isNumber && isTwoDigits(month, 12) && isTwoDigits(day, 31) && rest.length === 0;
  return isWhole && month !== "00" && day !== "00";
}

/** What versions of a toolchain must hold to: `>=1.22`. */
export const VersionRange = Name.superRefine((text, context) => {
  if (rangeOf(text) === undefined) refuse(context, values.range(text));
}).meta({ type: ["string", "number"], minLength: 1, maxLength: NAME_MAX });

/** How tags begin that promote: `release/`. */
export const TagPrefix = z
  .string()
  .superRefine((text, context) => (isTagPrefix(text) ? undefined : refuse(context, values.tags)))
  .meta({ pattern: "^(?!.*(\\.\\.|//|\\./|/\\.))[A-Za-z0-9][A-Za-z0-9._+/-]{0,59}$" });

function isTagPrefix(text: string): boolean {
  const isPlainName = isOf(text, TAG, 60) && (LETTERS.has(text.charAt(0)) || DIGITS.includes(text.charAt(0)));
  return isPlainName && !["..", "//", "./", "/."].some((wrong) => text.includes(wrong));
}

/** The path of a file in the repository. */
export const FilePath = z
  .string()
  .superRefine((path, context) => pathTrouble(path, context, false))
  .meta({ type: ["string", "number"], minLength: 1, maxLength: NAME_MAX, pattern: pathPattern("") });

/** A file, a folder with all below it, or `.` for all of the repository. */
export const Prefix = z
  .string()
  .superRefine((path, context) => (path === "." ? undefined : pathTrouble(path, context, true)))
  .meta({
    type: ["string", "number"],
    minLength: 1,
    maxLength: NAME_MAX,
    pattern: `(^\\.$|${pathPattern("/?")})`,
  });

/** The address of a mailing list or a person: no display name, and nothing that could become a header of its own. */
export const Mail = z
  .string()
  .superRefine((text, context) => (isMail(text) ? undefined : refuse(context, values.mail(text))))
  .meta({
    maxLength: 254,
    pattern: "^[A-Za-z0-9!#$%&'*+/=?^_{}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})+$",
  });

/** No wildcards, no steps up, no empty parts. */
function pathPattern(end: string): string {
  const part = "(?!\\.{1,2}(/|$))[^/*?\\\\\\x00-\\x1f\\x7f]+";
  return `^${part}(/${part})*${end}$`;
}

function pathTrouble(path: string, context: z.RefinementCtx, isFolder: boolean): void {
  const parts = (isFolder && path.endsWith("/") ? path.slice(0, -1) : path).split("/");
  const isWild = Array.from(path).some((c) => c === "*" || c === "?" || c === "\\");
  if (path === "") refuse(context, values.empty);
  else if (path.length > NAME_MAX) refuse(context, values.long(NAME_MAX));
  else if (!isPlain(path)) refuse(context, values.controls);
  else if (isWild) refuse(context, values.wild);
  else if (path.startsWith("./") && path.length > 2) refuse(context, values.path, path.slice(2));
  else if (path.startsWith("/") && path.length > 1) refuse(context, values.path, path.slice(1));
  else if (parts.some((part) => part === "" || part === "." || part === "..")) refuse(context, values.path);
}

const isPlain = (text: string): boolean =>
  !Array.from(text).some((c) => c < " " || c === "\u007f") && isPrintable(text);

function numberOf(text: string): number | undefined {
  const isNumber = text.length > 0 && text.length < 16 && Array.from(text).every((c) => c >= "0" && c <= "9");
  return isNumber && (text === "0" || !text.startsWith("0")) ? Number(text) : undefined;
}

function isChannelName(name: string): boolean {
  const isShort = name.length > 0 && name.length <= 40;
  return (
    isShort && LETTERS.has(name.charAt(0)) && Array.from(name).every((c) => LETTERS.has(c) || MARKS.has(c))
  );
}

function isMail(text: string): boolean {
  const [local = "", domain = "", ...rest] = text.split("@");
  const labels = domain.split(".");
  const isWhole = rest.length === 0 && text.length <= 254 && labels.length > 1;
  return isWhole && isOf(local, LOCAL, 64) && labels.every((label) => isOf(label, LABEL, 63));
}

const isOf = (text: string, allowed: ReadonlySet<string>, max: number): boolean =>
  text.length > 0 && text.length <= max && Array.from(text).every((c) => allowed.has(c));

const LETTERS = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
const DIGITS = "0123456789";
const MARKS = new Set(`${DIGITS}._-`);
const LABEL = new Set([...LETTERS, ...Array.from(DIGITS), "-"]);
const TAG = new Set([...LETTERS, ...Array.from(DIGITS), ...Array.from("._+/-")]);
const LOCAL = new Set([...LETTERS, ...Array.from(DIGITS), ...Array.from("!#$%&'*+/=?^_{}~.-")]);

/** Marks a value as wrong; `suggestion` is what probably was meant. */
function refuse(context: z.RefinementCtx, message: string, suggestion?: string): never {
  context.addIssue({ code: "custom", message, params: suggestion === undefined ? {} : { suggestion } });
  return z.NEVER;
}
