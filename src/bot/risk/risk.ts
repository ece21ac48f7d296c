import { findings } from "./findings.ts";
import { type Finding, type Numbers, type RiskKind, RISKS } from "./kinds.ts";

/** Something risky that is new or was changed. `line` counts from 1; `text` is foreign, one line cut short. */
export interface Risk {
  readonly path: string;
  readonly line: number;
  readonly what: RiskKind;
  readonly text: string;
}

/** Recipe files and the config at one commit: path -> text. */
export type Files = ReadonlyMap<string, string>;

/** `file` and `files`, all that changed, in UTF-16 code units. */
const MAX = { file: 256 * 1024, files: 4 * 1024 * 1024, risks: 50, text: 160 };

/** What got riskier from one commit to another, the gravest fifty. Moving a line makes nothing riskier. */
export function risks(before: Files, after: Files): readonly Risk[] {
  const all = new Map<string, Risk>();
  let read = 0;
  for (const [path, text] of after) {
    const earlier = before.get(path) ?? "";
    if (text === earlier) continue;
    read += text.length;
    const isLong = text.length > MAX.file || read > MAX.files;
    for (const found of isLong ? [UNREAD] : fresh(earlier, { path, text })) {
      const id = `${found.what} ${found.line} ${path}`;
      if (!all.has(id))
        all.set(id, { path, line: found.line, what: found.what, text: firstLine(found.text) });
    }
  }
  return [...all.values()].toSorted((a, b) => grave(a) - grave(b)).slice(0, MAX.risks);
}

const UNREAD: Finding = { line: 1, what: "unread", text: "", key: "" };

const ORDER: ReadonlyMap<string, number> = new Map(RISKS.map((kind, i) => [kind, i]));
const grave = ({ what }: Risk): number => ORDER.get(what) ?? 0;

function firstLine(text: string): string {
  const [first = ""] = text.trim().split("\n", 1);
  return first.slice(0, MAX.text);
}

/** The findings that were not there before: of each key as many as there are more of it now. */
function fresh(before: string, after: { readonly path: string; readonly text: string }): readonly Finding[] {
  // What was too long to be read was not looked at, so all is new.
  const numbers: Numbers = new Map();
  const known = before.length > MAX.file ? [] : findings({ path: after.path, text: before, numbers });
  const keys = counted(known.map(({ key }) => key));
  const texts = counted(known.map(exactly));
  // Where a key is there more often, the new ones are those whose very text is new.
  const changed = findings({ ...after, numbers }).filter(
    (finding) => !(take(texts, exactly(finding)) && take(keys, finding.key)),
  );
  return changed.filter(({ key }) => !take(keys, key)).toSorted((a, b) => a.line - b.line);
}

const exactly = ({ key, text }: Finding): string => `${key}\n${text}`;

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function take(counts: Map<string, number>, name: string): boolean {
  const count = counts.get(name) ?? 0;
  if (count > 0) counts.set(name, count - 1);
  return count > 0;
}
