import { type File, Source } from "./stage.ts";

/** What every stage uploads last: one line per other file, `<sha256 in hex>  <name>`. */
export const SUMS = "SHA256SUMS";

/** What can be wrong with SHA256SUMS; `name` is a file that it names and that is not there. */
export type WrongResults =
  | { readonly wrong: "count" | "line" }
  | { readonly wrong: "missing"; readonly name: string };

/** Reads SHA256SUMS against the sizes that the store lists. */
export function readResults(
  sums: string,
  sizes: ReadonlyMap<string, number>,
): readonly File[] | WrongResults {
  const lines = sums.split("\n").filter((line) => line !== "");
  if (lines.length > FILES_MAX) return { wrong: "count" };
  const files: File[] = [];
  for (const line of lines) {
    const [sha256, name, rest] = [line.slice(0, 64), line.slice(66), line.slice(64, 66)];
    if (!isHex(sha256) || rest.trim() !== "" || !isFileName(name)) return { wrong: "line" };
    const size = sizes.get(name);
    if (size === undefined) return { wrong: "missing", name };
    files.push({ name, size, sha256 });
  }
  return files;
}

/** Where a stage tells small facts of its result. */
export const FACTS = "facts.json";

/** The facts that a stage told: strings and numbers only, a few, short; `undefined` if it is no JSON. */
export function readFacts(text: string): Readonly<Record<string, string>> | undefined {
  const told = jsonOf(text);
  if (typeof told !== "object" || told === null) return undefined;
  const plain = Object.entries(told).filter(([, value]) => ["string", "number"].includes(typeof value));
  return Object.fromEntries(plain.slice(0, 20).map(([name, value]) => [name, String(value).slice(0, 200)]));
}

/** The sources that a source stage told of, the first hundred; none if it told of none. */
export function readSources(text: string): readonly Source[] {
  const told = jsonOf(text);
  const listed = typeof told === "object" && told !== null && "sources" in told ? told.sources : undefined;
  if (!Array.isArray(listed)) return [];
  return listed.slice(0, SOURCES_MAX).flatMap((one) => Source.safeParse(one).data ?? []);
}

/** A record is one object: of very many sources the bundle's digest tells enough. */
const SOURCES_MAX = 100;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const FILES_MAX = 1000;

const isHex = (text: string): boolean => text.length === 64 && Array.from(text).every((c) => HEX.has(c));
const HEX = new Set("0123456789abcdef");

/** Flat, plain and short: the name is the build's choice, so nothing else may come near a path. */
function isFileName(name: string): boolean {
  const [first] = name;
  return (
    first !== undefined &&
    ALNUM.has(first) &&
    name.length <= 200 &&
    Array.from(name).every((c) => NAME.has(c))
  );
}

const ALNUM = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
const NAME = new Set([...ALNUM, ".", "_", "+", "~", "^", "-"]);
