import { type Finding, type Line, numberOf, type Numbers } from "./kinds.ts";
import { macroAt, wordAt } from "./lines.ts";
import { NETWORK, type Section } from "./words.ts";

/** What a spec says of where it fetches from, gathered line by line. */
export interface Sources {
  readonly numbers: Numbers;
  /** By name what macros are defined as, which may become a part of an address. */
  readonly macros: Map<string, Macro>;
  readonly addresses: (Line & { readonly host: string })[];
  readonly tools: Line[];
}

/** The number of all its definitions, and how they begin, for the macros that they are made of. */
interface Macro {
  readonly number: number;
  readonly start: string;
}

export const noSources = (numbers: Numbers): Sources => ({
  numbers,
  macros: new Map(),
  addresses: [],
  tools: [],
});

const MAX = { start: 400, names: 20, inLine: 5 };

export function gather(sources: Sources, section: Section, { line, text }: Line): void {
  const isDefinition = define(sources, text);
  if (section === "list" || isDefinition) addresses(sources, { line, text });
  else if (section === "preamble") readTag(sources, { line, text });
}

/** Definitions may stand inside of others; the body of one is taken to be all that follows. */
function define({ numbers, macros }: Sources, text: string): boolean {
  let count = 0;
  for (let at = text.indexOf("%"); at >= 0 && count < MAX.inLine; at = text.indexOf("%", at + 1)) {
    const { word: how, end: from } = macroAt(text, at);
    if (how !== "global" && how !== "define") continue;
    count++;
    let start = from;
    while (text.charAt(start) === " " || text.charAt(start) === "\t") start++;
    const { word, end } = wordAt(text, start);
    const body = text.slice(end).trim();
    const earlier = macros.get(word);
    macros.set(word, {
      number: numberOf(numbers, `${earlier?.number ?? 0} ${body}`),
      start: `${earlier?.start ?? ""} ${body.slice(0, MAX.start)}`.slice(0, MAX.start),
    });
  }
  return count > 0;
}

function readTag(sources: Sources, { line, text }: Line): void {
  const colon = text.indexOf(":");
  let end = colon;
  while (end > 0 && "0123456789 \t".includes(text.charAt(end - 1))) end--;
  const tag = text.slice(0, Math.max(end, 0)).toLowerCase();
  const value = text.slice(colon + 1).trim();
  if (tag === "source" || tag === "patch" || tag === "url") addresses(sources, { line, text });
  if (tag !== "buildrequires") return;
  const words = value.replaceAll(",", " ").replaceAll("\t", " ").split(" ");
  for (const word of words)
    if (NETWORK.has(word) || word === "git" || word === "git-core")
      sources.tools.push({ line, text: `BuildRequires: ${word}` });
}

/** Each `scheme://authority` in a line, which a new version of the same project does not change. */
function addresses(sources: Sources, { line, text }: Line): void {
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 1)) {
    let start = at;
    while (start > 0 && isLetter(text.charAt(start - 1))) start--;
    let end = at + "://".length;
    while (end < text.length && !ENDS.has(text.charAt(end))) end++;
    sources.addresses.push({ line, text, host: text.slice(start, end) });
  }
}

const isLetter = (char: string): boolean => (char >= "a" && char <= "z") || (char >= "A" && char <= "Z");
const ENDS = new Set(["/", "?", "#", " ", "\t", "\n"]);

/** Hosts that are asked, and programs that the build gets to ask others with. */
export function sourceFindings({ macros, addresses, tools }: Sources): readonly Finding[] {
  const fetched = addresses.map(({ line, text, host }): Finding => {
    const key = `source ${host.toLowerCase()} ${meaning(macros, host)}`;
    return { line, text, what: "source", key };
  });
  return [...fetched, ...tools.map((tool): Finding => ({ ...tool, what: "network", key: tool.text }))];
}

/** Which macros a text is made of, and what they are made of, as numbers. */
function meaning(macros: Sources["macros"], text: string): string {
  const seen = new Map<string, number>();
  const texts = [text.slice(-MAX.start)];
  for (const part of texts) {
    for (let at = part.indexOf("%"); at >= 0 && seen.size < MAX.names; at = part.indexOf("%", at + 1)) {
      const { word } = macroAt(part, at);
      const macro = macros.get(word);
      if (seen.has(word) || !macro) continue;
      seen.set(word, macro.number);
      texts.push(macro.start);
    }
  }
  return [...seen.values()].join(" ");
}
