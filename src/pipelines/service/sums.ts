import type { Moved } from "./moved.ts";
import { readServices, SERVICE_FILE } from "./services.ts";

/** Digests of a file, in lower-case hex. */
export type Digests = Readonly<Record<"sha256" | "sha512", string>>;

/** The texts of a recipe's files, by their names. */
type Texts = ReadonlyMap<string, string>;

/** A stretch of a text, in UTF-16 code units. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a text says of a file: its digest, and where that and the file's name stand. */
interface Sum {
  readonly file: string;
  readonly algorithm: keyof Digests;
  readonly hex: Span;
  readonly name?: Span | undefined;
}

/** Is it a list of digests beside a spec: Fedora's `sources`, or `<file>.sha256`? */
export const isSumList = (file: string): boolean => file === "sources" || sumEnd(file) !== undefined;

/** The end of a file's name that says which digest of another file stands in it. */
export const sumEnd = (file: string): string | undefined =>
  [".sha256", ".sha512"].find((end) => file.endsWith(end));

/** The sources that moved and of which these texts say what they are. A `_service` calls them by their new names. */
export const summedIn = (texts: Texts, moved: readonly Moved[]): readonly Moved[] =>
  moved.filter((one) =>
    texts.entries().some(([name, text]) => sumsOf(name, text).some((sum) => isMeant(name, sum, one))),
  );

/** The texts with the digests and names of what is there now, as far as they change; `undefined`: it goes for another name. */
export function withNewSums(
  texts: Texts,
  moved: readonly (Moved & { readonly digests: Digests })[],
): ReadonlyMap<string, string | undefined> {
  const now = new Map<string, string | undefined>();
  for (const [name, text] of texts) {
    const renewed = renewedText(name, text, moved);
    if (renewed === text) continue;
    const end = sumEnd(name) ?? "";
    const own = moved.find(({ was }) => was + end === name);
    if (own && own.was !== own.file) now.set(name, undefined).set(own.file + end, renewed);
    else now.set(name, renewed);
  }
  return now;
}

const isMeant = (name: string, { file }: Sum, { was, file: is }: Moved): boolean =>
  file === (name === SERVICE_FILE ? is : was);

function renewedText(
  name: string,
  text: string,
  moved: readonly (Moved & { readonly digests: Digests })[],
): string {
  const edits = sumsOf(name, text).flatMap((sum) => {
    const one = moved.find((source) => isMeant(name, sum, source));
    if (!one) return [];
    const hex = { ...sum.hex, by: one.digests[sum.algorithm] };
    return sum.name ? [hex, { ...sum.name, by: one.file }] : [hex];
  });
  // From the end, so that what stands before keeps its place.
  return edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((now, { from, to, by }) => now.slice(0, from) + by + now.slice(to), text);
}

function sumsOf(name: string, text: string): readonly Sum[] {
  if (name === SERVICE_FILE) return verified(text);
  const end = sumEnd(name);
  const alone = end === undefined ? undefined : name.slice(0, -end.length);
  let from = 0;
  return text.split("\n").flatMap((line) => {
    const sum = sumIn(line, from, alone);
    from += line.length + 1;
    return sum ? [sum] : [];
  });
}

const verified = (service: string): readonly Sum[] =>
  readServices(service).services.flatMap((one): readonly Sum[] => {
    const place = one.written.find(({ name }) => name === "checksum");
    if (one.name !== "verify_file" || !place || place.from === 0) return [];
    const { file, verifier: algorithm } = one.params;
    return [{ file, algorithm, hex: { from: place.from, to: place.to } }];
  });

/** `SHA512 (file) = hex` or `hex  file`, or the hex alone where the list's own name says of which file. */
function sumIn(line: string, start: number, alone: string | undefined): Sum | undefined {
  const text = line.trim();
  const from = start + line.length - line.trimStart().length;
  const [open, close] = [text.indexOf(" ("), text.lastIndexOf(") = ")];
  const isTagged = open > 0 && close > open;
  const blank = Array.from(text).findIndex((char) => char === " " || char === "\t");
  const end = isTagged || blank < 0 ? text.length : blank;
  const begin = isTagged ? close + ") = ".length : 0;
  const algorithm = algorithmOf(text.slice(begin, end));
  if (!algorithm) return undefined;
  const rest = text.slice(end).trimStart();
  const plain = rest.startsWith("*") ? rest.slice(1) : rest;
  const file = isTagged ? text.slice(open + " (".length, close) : plain || alone;
  const hex = { from: from + begin, to: from + end };
  if (file === undefined) return undefined;
  if (isTagged) return { file, algorithm, hex, name: { from: from + open + " (".length, to: from + close } };
  const name = plain === "" ? undefined : { from: from + text.length - plain.length, to: from + text.length };
  return { file, algorithm, hex, name };
}

/** By the length of its hex. */
function algorithmOf(hex: string): keyof Digests | undefined {
  if (!Array.from(hex).every((char) => HEX.has(char))) return undefined;
  return hex.length === 64 ? "sha256" : hex.length === 128 ? "sha512" : undefined;
}

const HEX = new Set("0123456789abcdefABCDEF");
