import { type Finding, type Line, numberOf, type Numbers } from "./risk-kinds.ts";
import { macroAt, wordAt } from "./risk-lines.ts";
import { NETWORK, type Section } from "./risk-words.ts";

/** What a spec says of where it fetches from, gathered line by line. */
export interface Sources {
  readonly numbers: Numbers;
  /** By name what macros are defined as, which may become a part of an address. */
  readonly macros: Map<string, Macro>;
  readonly addresses: (Line & { readonly address: string })[];
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

const MAX = { start: 400, names: 20 };

export function gather(sources: Sources, section: Section, { line, text }: Line): void {
  if (section === "list") return address(sources, { line, text }, text);
  const { word, end } = macroAt(text, 0);
  if (text.startsWith("%") && (word === "global" || word === "define")) define(sources, { line, text }, end);
  else if (section === "preamble") readTag(sources, { line, text });
}

function define({ numbers, macros, ...sources }: Sources, { line, text }: Line, from: number): void {
  let start = from;
  while (text.charAt(start) === " " || text.charAt(start) === "\t") start++;
  const { word, end } = wordAt(text, start);
  const body = text.slice(end).trim();
  const earlier = macros.get(word);
  macros.set(word, {
    number: numberOf(numbers, `${earlier?.number ?? 0} ${body}`),
    start: `${earlier?.start ?? ""} ${body.slice(0, MAX.start)}`.slice(0, MAX.start),
  });
  address(sources, { line, text }, body);
}

function readTag(sources: Sources, { line, text }: Line): void {
  const colon = text.indexOf(":");
  let end = colon;
  while (end > 0 && "0123456789 \t".includes(text.charAt(end - 1))) end--;
  const tag = text.slice(0, Math.max(end, 0)).toLowerCase();
  const value = text.slice(colon + 1).trim();
  if (tag === "source" || tag === "patch" || tag === "url") address(sources, { line, text }, value);
  if (tag !== "buildrequires") return;
  const words = value.replaceAll(",", " ").replaceAll("\t", " ").split(" ");
  for (const word of words)
    if (NETWORK.has(word) || word === "git" || word === "git-core")
      sources.tools.push({ line, text: `BuildRequires: ${word}` });
}

function address(sources: Pick<Sources, "addresses">, line: Line, address: string): void {
  if (address.includes("://")) sources.addresses.push({ ...line, address });
}

/** Hosts that are asked, and programs that the build gets to ask others with. */
export function sourceFindings({ macros, addresses, tools }: Sources): readonly Finding[] {
  const fetched = addresses.map(({ line, text, address }): Finding => {
    const host = hostOf(address);
    return { line, text, what: "source", key: `source ${host.toLowerCase()} ${meaning(macros, host)}` };
  });
  return [...fetched, ...tools.map((tool): Finding => ({ ...tool, what: "network", key: tool.text }))];
}

/** `scheme://authority`, which a new version of the same project does not change. */
function hostOf(address: string): string {
  const start = address.indexOf("://") + "://".length;
  let end = start;
  while (end < address.length && !"/?#".includes(address.charAt(end))) end++;
  return address.slice(0, end);
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
