import { isAddress, type Spec, type SpecFile, sourceFile } from "../pipelines/spec/spec.ts";
import { isPlainName } from "./files.ts";
import { refused } from "./failure.ts";
import { visible } from "./progress.ts";
import { type Entry, isFile, pathIn, type Place } from "./tree.ts";

/** What becomes of one Source or Patch. */
export type Planned =
  | { readonly kind: "here"; readonly file: string }
  | { readonly kind: "fetch"; readonly file: string; readonly url: string; readonly at: string }
  /** Only rpm can tell whether it is needed. */
  | { readonly kind: "unknown"; readonly sentence: string };

/** Decides for every Source and Patch, without the network, where it comes from. */
export function planSources(spec: Spec, place: Place): readonly Planned[] {
  const path = visible(pathIn(place.directory, place.spec.name));
  const entries = new Map(place.entries.map((entry) => [entry.name, entry]));
  const plans = [...spec.sources, ...spec.patches].map((one) => plan(one, entries, `${path}:${one.line}`));
  const seen = new Map<string, string>();
  for (const one of plans) {
    if (one.kind !== "fetch") continue;
    const other = seen.get(one.file) ?? one.url;
    if (other !== one.url)
      throw refused(`${one.at}: ${other} and ${one.url} would both be called ${one.file}.`);
    seen.set(one.file, one.url);
  }
  return plans.filter(
    (one, at) => one.kind !== "fetch" || at === plans.findIndex((same) => isSame(one, same)),
  );
}

const isSame = (one: Planned, other: Planned): boolean =>
  one.kind === "fetch" && other.kind === "fetch" && one.file === other.file;

function plan(one: SpecFile, entries: ReadonlyMap<string, Entry>, at: string): Planned {
  const file = sourceFile(one.value);
  const said = `${at}: ${visible(one.tag)}`;
  const entry = entries.get(file);
  if (entry && isFile(entry)) return { kind: "here", file };
  if (entry && entry.kind !== "directory")
    throw refused(`${said} is ${visible(file)}, a ${entry.kind}; put the file itself there.`);
  if (!one.static) return unreadable(one, said);
  if (!isAddress(one.value)) return missing(one, said);
  if (!isPlainName(file)) throw refused(`${said} is an address whose last part cannot be a file's name.`);
  return { kind: "fetch", file, url: one.value, at };
}

function unreadable({ value }: SpecFile, said: string): Planned {
  const shown = visible(value).slice(0, 200);
  if (value.includes("/"))
    throw refused(
      `${said} is ${shown}, which cannot be known without running the spec; write the address out.`,
    );
  return { kind: "unknown", sentence: `${said} is ${shown}: only rpm knows this name.` };
}

function missing({ value, conditional }: SpecFile, said: string): Planned {
  const sentence = `${said} is ${visible(value).slice(0, 200)}, which is neither beside the spec nor an address.`;
  if (!conditional) throw refused(sentence);
  return { kind: "unknown", sentence };
}
