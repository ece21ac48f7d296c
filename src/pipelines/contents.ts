import { z } from "zod";

/** One thing that a promoted build has otherwise than the tested one. */
const Change = z.readonly(
  z.strictObject({
    /** The package by name, version and release without suffix, such as `greet-1.0-1.x86_64`. */
    package: z.string(),
    /** `package`: all of it; else the kind of line in `contents.tsv`: `file`, `requires`, `scripts`, … */
    kind: z.string(),
    /** A path, or what is required or provided; empty for what a package has one of. */
    name: z.string(),
    is: z.enum(["missing", "added", "changed"]),
  }),
);
export type Change = z.infer<typeof Change>;

/** How what a build made differs from what was tested. */
export const Differs = z.readonly(
  z.strictObject({
    /** The first ones: packages before what is in them. */
    changes: z.readonly(z.array(Change)),
    /** How many there are in all. */
    count: z.int(),
    /** Which of the two builds left no list of contents that can be read; then nothing is known of them. */
    unlisted: z.optional(z.enum(["tested", "shipped"])),
    /** Is all of it written down beside the build's log, where people can read it? */
    whole: z.optional(z.literal(true)),
    /** The committer who let it pass, by login, and when. */
    accepted: z.optional(z.strictObject({ by: z.string(), at: z.string() })),
  }),
);
export type Differs = z.infer<typeof Differs>;

/** A record is one object: of very many changes the first tell enough. */
export const CHANGES_MAX = 40;

/** What differs between two lists of contents, packages first. Lines are a package, a kind, a name and a value. */
export function changesBetween(tested: string, shipped: string): readonly Change[] {
  const [before, after] = [packagesOf(tested), packagesOf(shipped)];
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  const whole = names.filter((name) => !before.has(name) || !after.has(name));
  return [
    ...whole.map((name) => changeOf(name, { kind: "package", name: "" }, before.has(name))),
    ...names.flatMap((name) => {
      const [was, is] = [before.get(name), after.get(name)];
      return was && is ? changesIn(name, was, is) : [];
    }),
  ];
}

/** Kind and name -> the values that it has. */
type Things = ReadonlyMap<string, string>;

function changesIn(name: string, before: Things, after: Things): readonly Change[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => before.get(key) !== after.get(key),
  );
  return keys.toSorted().map((key) => {
    const [kind = "", thing = ""] = key.split("\t");
    if (before.has(key) && after.has(key)) return { package: name, kind, name: thing, is: "changed" };
    return changeOf(name, { kind, name: thing }, before.has(key));
  });
}

const changeOf = (of: string, thing: Pick<Change, "kind" | "name">, wasThere: boolean): Change => ({
  package: of,
  ...thing,
  is: wasThere ? "missing" : "added",
});

function packagesOf(contents: string): ReadonlyMap<string, Things> {
  const packages = new Map<string, Map<string, string>>();
  for (const line of contents.split("\n")) {
    if (line === "") continue;
    const [name = "", kind = "", thing = "", ...value] = line.split("\t");
    const things = packages.get(name) ?? new Map<string, string>();
    packages.set(name, things);
    const key = `${kind}\t${thing}`;
    const known = things.get(key);
    // A package may require the same twice, as at least one version and as less than another.
    things.set(key, known === undefined ? value.join("\t") : `${known}\n${value.join("\t")}`);
  }
  return packages;
}

/** All lines that only one of two lists has: `-` tested, `+` shipped. */
export function linesBetween(tested: string, shipped: string): readonly string[] {
  const [before, after] = [tested, shipped].map((text) => new Set(text.split("\n")));
  const gone = [...(before ?? [])].filter((line) => !after?.has(line)).map((line) => ({ line, sign: "-" }));
  const come = [...(after ?? [])].filter((line) => !before?.has(line)).map((line) => ({ line, sign: "+" }));
  return [...gone, ...come]
    .toSorted((a, b) => (a.line < b.line ? -1 : a.line > b.line ? 1 : 0))
    .map(({ line, sign }) => `${sign}${line}`);
}
