import { readSpec } from "./spec.ts";
import { definitionOf, replaceAt } from "./edit.ts";

/**
 * The spec with its Release counted from 1 again, as the first of a new version. A dist tag behind the number stays; so
 * do `%autorelease`, OBS's 0, and whatever else counts by itself.
 */
export function withFirstRelease(text: string): string {
  const tag = readSpec(text).release;
  if (!tag) return text;
  const lines = text.split("\n");
  const macro = leadingMacro(tag.raw);
  const place = macro === undefined ? numberAt(tag) : definitionOf(lines, macro);
  const was = place && lines[place.index]?.slice(place.from, place.to);
  if (!place || was === undefined || was === "0" || !isNumber(was)) return text;
  replaceAt(lines, place, "1");
  return lines.join("\n");
}

/** The number at the beginning, where a macro or nothing follows. */
function numberAt({ raw, line, column }: { raw: string; line: number; column: number }) {
  const digits = raw.length - raw.replace(/^[0-9]+/, "").length;
  const next = raw.charAt(digits);
  return digits > 0 && (next === "" || next === "%")
    ? { index: line - 1, from: column - 1, to: column - 1 + digits }
    : undefined;
}

/** The name of the macro that the value begins with, `%{baserelease}%{?dist}`. */
function leadingMacro(raw: string): string | undefined {
  const end = raw.indexOf("}");
  return raw.startsWith("%{") && end > 0 ? raw.slice(2, end) : undefined;
}

const isNumber = (text: string): boolean =>
  text !== "" && Array.from(text).every((c) => c >= "0" && c <= "9");
