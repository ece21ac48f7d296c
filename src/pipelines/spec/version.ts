import { readSpec } from "./spec.ts";
import { definitionOf, replaceAt, valueAt, wholeMacro } from "./edit.ts";
import type { Mistake } from "../xml.ts";

/**
 * The spec with another version, and nothing else of it touched. Where the Version is one macro of the spec's own, its
 * definition changes; macros behind the version stay.
 */
export function withVersion(text: string, version: string): { readonly text: string } | Mistake {
  const tag = readSpec(text).version;
  if (!tag) return { line: 1, sentence: "The spec has no Version." };
  const lines = text.split("\n");
  const macro = wholeMacro(tag.raw);
  const place = macro === undefined ? valueAt(tag.line, tag.column, tag.raw) : definitionOf(lines, macro);
  if (!place)
    return { line: tag.line, sentence: `The Version is ${tag.raw}; write it out, or as one macro.` };
  replaceAt(lines, place, version);
  const unconverted = definitionOf(lines, "version_unconverted");
  if (unconverted) replaceAt(lines, unconverted, version);
  return { text: lines.join("\n") };
}
