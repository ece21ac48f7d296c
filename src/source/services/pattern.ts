import { RE2JS } from "re2js";
import { refused } from "../failure.ts";
import { visible } from "../progress.ts";

/** Foreign expressions, run in time linear in the text. */

/** Compiles an expression that stands in a repository. */
export function expression(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw refused(`${visible(pattern)} is no expression that is understood here.`, error);
  }
}

/** Replaces every match; `\1` and `\g<1>` in the replacement stand for groups, as in Python. */
export function rewrite(text: string, pattern: string, replacement: string): string {
  const compiled = expression(pattern);
  const pieces = piecesOf(replacement);
  const highest = Math.max(0, ...pieces.filter((piece) => typeof piece === "number"));
  if (highest > compiled.groupCount())
    throw refused(
      `${visible(replacement)} asks for group ${highest}, which ${visible(pattern)} does not have.`,
    );
  return compiled
    .matcher(text)
    .replaceAll((...groups: readonly unknown[]) =>
      pieces.map((piece) => (typeof piece === "number" ? textOf(groups[piece]) : piece)).join(""),
    );
}

const textOf = (group: unknown): string => (typeof group === "string" ? group : "");

/** Texts, and numbers of groups. */
const piecesOf = (replacement: string): readonly (string | number)[] =>
  Array.from(replacement.matchAll(PIECES), ([text, named, plain]) => {
    const group = named ?? plain;
    return group === undefined ? text : Number(group);
  });

const PIECES = /\\g<(\d)>|\\(\d)|[^\\]+|\\/g;

/** A pattern of the shell, in which `*` also stands for slashes. */
export function globs(pattern: string): (name: string) => boolean {
  const compiled = RE2JS.compile(`(?s)^(?:${translated(pattern)})$`);
  return (name) => compiled.test(name);
}

const translated = (pattern: string): string =>
  Array.from(pattern.matchAll(TOKENS), ([token, inside]) => {
    if (token === "*") return ".*";
    if (token === "?") return ".";
    return inside === undefined ? RE2JS.quote(token) : classOf(inside);
  }).join("");

const TOKENS = /\*|\?|\[(!?\]?[^\]]*)\]|[^]/gu;

const classOf = (inside: string): string => {
  const isNot = inside.startsWith("!");
  const chars = (isNot ? inside.slice(1) : inside).replaceAll(/[\\[\]^]/g, (char) => `\\${char}`);
  return `[${isNot ? "^" : ""}${chars}]`;
};
