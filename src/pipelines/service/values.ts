import { z } from "zod";

/** What the parameters of services are made of. No value can be taken for an option, a path elsewhere or two lines. */

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const LONGEST = 1000;

const isVisible = (text: string): boolean =>
  Array.from(text).every((char) => char >= " " && char !== "\u007f" && !HIDDEN.has(char));
const HIDDEN = new Set(
  "\u0085\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff",
);

const only = (text: string, more: string): boolean => {
  const allowed = new Set(LETTERS + more);
  return Array.from(text).every((char) => allowed.has(char));
};

/** Does no part of it lead out of where it begins? */
const staysInside = (path: string): boolean =>
  !path.startsWith("/") && !path.includes("\\") && !path.split("/").includes("..");

export const Text = z
  .string()
  .min(1, "it is empty")
  .max(LONGEST, `it is longer than ${LONGEST} characters`)
  .refine(isVisible, "it holds control characters")
  .refine((text) => !text.startsWith("-"), "it begins with a dash");

/** A file or a pattern for files below one directory. */
export const Inside = Text.refine(staysInside, "it leads out of its directory");

/** A file's name as services write it on OBS, too: `_service:recompress:hello.tar`. */
export const FileName = Inside.transform((name) => name.slice(name.lastIndexOf(":") + 1)).refine(
  (name) => name !== "" && !name.includes("/") && !name.startsWith(".") && !name.startsWith("-"),
  "it is no plain file name",
);

/** The part of a file's name that stands before its version. */
export const BaseName = FileName.refine(
  (name) => only(name, "._+~^-"),
  "only letters, digits and . _ + ~ ^ - may be in it",
);

/** What rpm takes for a version. */
export const isVersion = (text: string): boolean =>
  text !== "" && text.length <= 100 && only(text, "._+~^") && only(text.charAt(0), "");

export const Version = Text.refine(
  isVersion,
  "it is no version: only letters, digits and . _ + ~ ^ may be in it",
);

export const Revision = Text.refine(
  (text) => only(text, "._/@+#-") && !text.includes("..") && !text.includes("//") && !text.includes("@{"),
  "it is no name of a branch, a tag or a commit",
);

/** An address whose host is judged when it is asked. `git+https` is a way to write it. */
export const Address = Text.transform((text) =>
  text.toLowerCase().startsWith("git+https://") ? text.slice("git+".length) : text,
).refine((text) => text.toLowerCase().startsWith("https://"), "only https:// addresses are fetched");

const ON = ["enable", "yes", "true", "1"] as const;
const OFF = ["disable", "no", "false", "0"] as const;
export const Switch = z
  .enum([...ON, ...OFF], "it is enable or disable")
  .transform((word) => (ON as readonly string[]).includes(word));

/** A parameter that may be given once. */
export const one = <Value extends z.ZodType>(value: Value) =>
  z.optional(z.tuple([value], "it is given more than once").transform(([only]) => only));

/** A parameter that must be given, once. */
export const needed = <Value extends z.ZodType>(value: Value) =>
  z.tuple([value], "it is given more than once").transform(([only]) => only);

/** A parameter that may be given again and again. */
export const many = <Value extends z.ZodType>(value: Value) => z.array(value).default([]);

/** A switch that may only be off: what it asks for is not done here. */
export const off = (because: string) => one(Switch.refine((isOn) => !isOn, because));

/** A parameter of OBS that cannot be granted. */
export const never = (because: string) => one(z.string().refine(() => false, because));
