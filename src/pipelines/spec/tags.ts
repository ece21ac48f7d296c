import type { SpecLine } from "./lines.ts";
import { complain, type Reading, type SpecValue } from "./reading.ts";
import { type Files, FILES, LISTS, type Once, ONCE } from "./words.ts";

const TAG = /^([ \t]*)([A-Za-z]+)(\d{0,9})((?:\([^()\n]*\))?[ \t]*:[ \t]*)([^]*)$/;

/** Reads `Tag: value` in a preamble. Tags that nobody asks for are passed over. */
export function readTag(reading: Reading, line: SpecLine): void {
  const match = TAG.exec(line.text);
  if (!match) return;
  const [, indent = "", word = "", digits = "", colon = "", raw = ""] = match;
  const column = indent.length + word.length + digits.length + colon.length + 1;
  const written = { tag: word + digits, raw: raw.trimEnd(), line: line.line, column };
  const files = FILES.get(word.toLowerCase());
  if (files) readFile(reading, files, { ...written, digits });
  else readPlain(reading, written);
}

function readPlain(reading: Reading, written: Written): void {
  const tag = written.tag.toLowerCase();
  const once = ONCE.get(tag);
  const list = LISTS.get(tag);
  const isMain = reading.section === "main";
  if (once && isMain) readOnce(reading, once, written);
  if (list && (isMain || list === "buildRequires")) reading.lists[list].push(valueOf(reading, written));
}

type Written = Pick<SpecValue, "tag" | "raw" | "line" | "column">;

function valueOf(reading: Reading, { tag, raw, line, column }: Written): SpecValue {
  if (raw === "") complain(reading, line, `${tag} has no value.`);
  const conditional = reading.conditions.length > 0;
  return { tag, raw, line, column, conditional, ...reading.macros.expand(raw) };
}

function readOnce(reading: Reading, name: Once, written: Written): void {
  const value = valueOf(reading, written);
  const first = reading.once[name];
  if (first && !first.conditional && !value.conditional)
    complain(reading, value.line, `${value.tag} is given again; it stands in line ${first.line} already.`);
  reading.once[name] ??= value;
  const body = value.conditional ? undefined : value.value;
  reading.macros.define(name, body);
  reading.macros.define(name.toUpperCase(), body);
}

/** `Source:` without a number follows the one before; the first is number 0. */
function readFile(reading: Reading, files: Files, written: Written & { readonly digits: string }): void {
  const list = reading.files[files];
  const number = written.digits === "" ? (list.at(-1)?.number ?? -1) + 1 : Number(written.digits);
  list.push({ ...valueOf(reading, written), number });
}

/** A line of `%sourcelist` or `%patchlist`: a file for each. */
export function readListed(reading: Reading, files: Files, line: SpecLine): void {
  const raw = line.text.trim();
  if (raw === "" || raw.startsWith("#")) return;
  const column = line.text.indexOf(raw.charAt(0)) + 1;
  const tag = files === "sources" ? "Source" : "Patch";
  readFile(reading, files, { tag, raw, line: line.line, column, digits: "" });
}
