import { type SpecLine, specLines } from "../../pipelines/spec/lines.ts";
import { CONDITIONS_OPEN, CONDITIONS_TURN } from "../../pipelines/spec/words.ts";
import { type Finding, numberOf, type Numbers, type RiskKind } from "./kinds.ts";
import { isPrivileged, isSetuid, macroAt, macroRisks, reachesOut } from "./lines.ts";
import { gather, noSources, type Sources, sourceFindings } from "./sources.ts";
import { type Section, sectionOf } from "./words.ts";

/** Where a line stands: in which section, and the number of the line that began it. */
interface Place {
  readonly section: Section;
  readonly header: number;
  readonly line: SpecLine;
}

interface Reading {
  readonly numbers: Numbers;
  readonly found: Finding[];
  /** The `%if`s that are open, by number; without one of them, what it holds back would happen. */
  readonly conditions: { readonly number: number; readonly place: Place }[];
  readonly sources: Sources;
  place: Place;
  /** What the scriptlet consists of so far. */
  body: string[];
}

const TOP: Place = { section: "preamble", header: 0, line: { line: 1, text: "" } };

/** Reads a spec as rpm splits it into lines and sections; nothing of it is expanded or run. */
export function specFindings(text: string, numbers: Numbers): readonly Finding[] {
  const { lines, unclosed } = specLines(text);
  const sources = noSources(numbers);
  const reading: Reading = { numbers, found: [], conditions: [], sources, place: TOP, body: [] };
  for (const line of lines) readLine(reading, line);
  endScriptlet(reading);
  // Where a macro is never closed we may split lines otherwise than rpm does.
  if (unclosed !== undefined) {
    const rest = text
      .split("\n")
      .slice(unclosed - 1)
      .join("\n");
    reading.found.push({ line: unclosed, what: "unread", text: rest, key: `unclosed\n${rest}` });
  }
  return [...reading.found, ...sourceFindings(sources)];
}

function readLine(reading: Reading, line: SpecLine): void {
  const text = line.text.trim();
  if (text === "") return;
  const section = sectionOf(wordAt(reading.place, line.text));
  if (section) begin(reading, section, line);
  const isCondition = followConditions(reading, text);
  for (const what of risksOf(reading.place, text))
    if (!(section && what === "scriptlet")) find(reading, what, line);
  const { place, body } = reading;
  gather(reading.sources, place.section, { line: line.line, text });
  if (place.section !== "scriptlet" || isCondition) return;
  const said = `${contextOf(reading)} ${text}`;
  body.push(said);
  reading.found.push({ line: line.line, what: "scriptlet", text, key: `in ${place.header} ${said}` });
}

/** The word that may begin a section. rpm allows blanks before it only where tags stand; we look for scriptlets anywhere. */
function wordAt({ section }: Place, text: string): string {
  const line = text.trimStart();
  if (!line.startsWith("%")) return "";
  const { word, end } = macroAt(line, 0);
  const isBare = end === word.length + 1 && line.charAt(end).trim() === "";
  const name = isBare ? word.toLowerCase() : "";
  if (line.length === text.length || section === "preamble") return name;
  return section !== "scriptlet" && sectionOf(name) === "scriptlet" ? name : "";
}

function begin(reading: Reading, section: Section, line: SpecLine): void {
  endScriptlet(reading);
  const header = numberOf(reading.numbers, `${contextOf(reading)} ${line.text.trim()}`);
  reading.place = { section, header, line };
  if (section === "scriptlet" && line.text.includes("<lua>")) find(reading, "lua", line);
}

/** In a script the order counts, and what is left out: as a whole it is a finding of its own. */
function endScriptlet(reading: Reading): void {
  const { place, body } = reading;
  const key = `whole ${place.header} ${body.join("\n")}`;
  if (place.section === "scriptlet" && body.length > 0)
    reading.found.push({ ...place.line, what: "scriptlet", key });
  reading.body = [];
}

function followConditions(reading: Reading, text: string): boolean {
  const { conditions, numbers, place } = reading;
  const { word } = macroAt(text, 0);
  if (!text.startsWith(`%${word}`)) return false;
  // Of a branch counts what it is held back by, and of `%else` the `%if` too.
  const number = (): number => numberOf(numbers, `${contextOf(reading)} ${text}`);
  if (CONDITIONS_OPEN.has(word)) {
    conditions.push({ number: number(), place });
  } else if (CONDITIONS_TURN.has(word)) {
    const branch = number();
    conditions.push({ number: branch, place: leave(reading) ?? place });
  } else if (word === "endif") leave(reading);
  else return false;
  return true;
}

/** A section that began under a condition may not be there: a scriptlet before it then goes on. */
function leave(reading: Reading): Place | undefined {
  const last = reading.conditions.pop()?.place;
  if (last?.section === "scriptlet" && last !== reading.place) {
    endScriptlet(reading);
    reading.place = last;
  }
  return last;
}

const contextOf = ({ conditions }: Reading): number => conditions.at(-1)?.number ?? 0;

function risksOf({ section }: Place, text: string): ReadonlySet<RiskKind> {
  const found = new Set(macroRisks(text));
  const isComment = text.startsWith("#");
  // Neither comments nor texts are run, but rpm expands macros in them.
  if (isComment || section === "text") found.delete("scriptlet");
  if (isComment || section === "text") return found;
  if (isSetuid(text)) found.add("setuid");
  if (isPrivileged(text)) found.add("privileged");
  if (section === "build" && reachesOut(text)) found.add("network");
  return found;
}

function find(reading: Reading, what: RiskKind, { line, text }: SpecLine): void {
  reading.found.push({ line, what, text, key: `${what} ${contextOf(reading)} ${text.trim()}` });
}
