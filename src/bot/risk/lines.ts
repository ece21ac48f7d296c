import { FETCHERS, MACROS, NETWORK, PRIVILEGED, SCRIPTLETS } from "./words.ts";
import type { RiskKind } from "./kinds.ts";

/** What the macros in a line can do. `%%(` counts too: it becomes `%(` where the line is expanded again. */
export function macroRisks(text: string): ReadonlySet<RiskKind> {
  const found = new Set<RiskKind>();
  for (let at = text.indexOf("%"); at >= 0; at = text.indexOf("%", at + 1)) {
    const next = text.charAt(at + 1);
    if (next === "(") found.add("shell");
    else if (next === "[") found.add("expansion");
    else {
      const { word, end } = macroAt(text, at);
      const what = MACROS.get(word) ?? (SCRIPTLETS.has(word) ? "scriptlet" : undefined);
      if (what) found.add(what);
      if ((word === "define" || word === "global" || word === "undefine") && overrides(text, end))
        found.add("override");
    }
  }
  return found;
}

/** The name of the macro whose `%` stands here, as in `%name`, `%{name…}`, `%{?name}`, `%{!?name:…}`. */
export function macroAt(text: string, at: number): { readonly word: string; readonly end: number } {
  let start = at + 1;
  while (start < text.length && "{?!-".includes(text.charAt(start))) start++;
  return wordAt(text, start);
}

/** The letters, digits and underscores that stand here. */
export function wordAt(text: string, start: number): { readonly word: string; readonly end: number } {
  let end = start;
  while (end < text.length && isWordly(text.charAt(end))) end++;
  return { word: text.slice(start, end), end };
}

const isWordly = (char: string): boolean =>
  (char >= "a" && char <= "z") ||
  (char >= "A" && char <= "Z") ||
  (char >= "0" && char <= "9") ||
  char === "_";

/** Macros that begin with two underscores say which programs rpm runs. */
function overrides(text: string, after: number): boolean {
  let at = after;
  while (text.charAt(at) === " " || text.charAt(at) === "\t") at++;
  return text.startsWith("__", at) || text.startsWith("_hardened_build", at);
}

/** Does it give a file the rights of its owner or group, or capabilities? */
export function isSetuid(text: string): boolean {
  if (text.includes("%caps(") || text.includes("setcap")) return true;
  for (const macro of ["%attr(", "%defattr("])
    for (let at = text.indexOf(macro); at >= 0; at = text.indexOf(macro, at + 1))
      if (modeIn(text.slice(at + macro.length, at + macro.length + 20))) return true;
  const words = wordsOf(text);
  return (words.includes("chmod") || words.includes("install")) && words.some((word) => isSpecial(word));
}

const modeIn = (args: string): boolean => isSpecial(args.split(",", 1)[0]?.trim() ?? "");

/** `4755`, `-m4755`, `--mode=2755`, `u+s`, `ug=rws`. */
function isSpecial(word: string): boolean {
  let digits = word;
  for (const option of ["--mode=", "-m", "-Dm", "-pm", "-Dpm"])
    if (word.startsWith(option)) digits = word.slice(option.length);
  const mode = digits.length > 3 && isOctal(digits) ? Number.parseInt(digits, 8) : 0;
  return (mode & 0o6000) !== 0 || isSymbolic(digits);
}

const isOctal = (text: string): boolean => Array.from(text).every((c) => c >= "0" && c <= "7");

function isSymbolic(text: string): boolean {
  const at = Math.max(text.lastIndexOf("+"), text.lastIndexOf("="));
  if (at < 0 || !Array.from(text.slice(0, at)).every((c) => "ugoarwxXst+-=,".includes(c))) return false;
  const rights = Array.from(text.slice(at + 1));
  return rights.includes("s") && rights.every((c) => "rwxXst".includes(c));
}

export const isPrivileged = (text: string): boolean => PRIVILEGED.some((part) => text.includes(part));

/** Does a line of a build reach for the network? */
export function reachesOut(text: string): boolean {
  const words = wordsOf(text);
  return words.some((word, i) => NETWORK.has(word) || FETCHERS.get(word)?.has(words[i + 1] ?? "") === true);
}

const ENDS = new Set([" ", "\t", "\n", "\r", ";", "|", "&", "(", ")", "`", '"', "'", "<", ">"]);

/** The words of a shell's line; of a program's path the name alone. */
function wordsOf(text: string): readonly string[] {
  return Array.from(text, (char) => (ENDS.has(char) ? " " : char))
    .join("")
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => word.slice(word.lastIndexOf("/") + 1));
}
