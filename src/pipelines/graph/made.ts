import { z } from "zod";
import { type Recipe, RecipeKind } from "../run.ts";
import { wantedIn } from "./wanted.ts";

/** What the packages of one build offer and ask for, by name: what the distribution calls `Provides` and `Requires`. */
export const Made = z.readonly(
  z.strictObject({
    kind: RecipeKind,
    /** The recipe's, as people know it. */
    name: z.string(),
    /** The attempt that built it, and how new its release is: instants as `releasedAt` gives them. */
    from: z.string(),
    at: z.string(),
    /** SHA-256 in hex of the list of its contents, which says whether that need be read. */
    list: z.string(),
    provides: z.readonly(z.array(z.string())),
    requires: z.readonly(z.array(z.string())),
    /** What building it requires. */
    builds: z.readonly(z.array(z.string())),
    /** SHA-256 in hex of `outputOf` its contents. */
    output: z.string(),
    /** How often its output became another that is followed, and when the last one was published (ISO 8601); absent: never. */
    turn: z.optional(z.int()),
    turned: z.optional(z.string()),
    /** Which turns of recipes it was built with, by path; absent: those before their first. */
    with: z.optional(z.record(z.string(), z.int())),
    /** The outputs that it was built with, as `Again` has them. */
    needs: z.optional(z.string()),
    /** The run that built it again last, what for (paths of recipes that it needs), and whether the same came out. */
    again: z.optional(z.strictObject({ run: z.string(), after: z.array(z.string()), same: z.boolean() })),
  }),
);
export type Made = z.infer<typeof Made>;
export type Names = Pick<Made, "provides" | "requires" | "builds">;

/** Of one recipe; a record is one object. */
const NAMES_MAX = 3000;
const NAME_MAX = 200;

/** Reads a build's `contents.tsv`. */
export function namesIn(contents: string): Names {
  const [provides, requires, builds] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { of, kind, name } of linesOf(contents)) {
    if (kind === "requires") for (const one of wantedIn(name)) (isSource(of) ? builds : requires).add(one);
    else if (isSource(of)) continue;
    else if (kind === "provides" || (kind === "file" && isAskedFor(name))) provides.add(name);
  }
  const outer = [...requires].filter((name) => !provides.has(name));
  return { provides: kept([...provides]), requires: kept(outer), builds: kept([...builds]) };
}

/** What the lists tell that a build left. */
export const namesOf = (kind: Recipe["kind"], lists: string): Names =>
  kind === "image" ? namesInImage(lists) : namesIn(lists);

/** Reads kiwi's list of what an image has: a package's name, a bar, and more of it. */
const namesInImage = (packages: string): Names => ({
  provides: [],
  requires: kept([...new Set(packages.split("\n").map((line) => line.split("|")[0] ?? ""))]),
  builds: [],
});

const kept = (names: readonly string[]): readonly string[] =>
  names
    .filter((name) => name !== "" && name.length <= NAME_MAX)
    .toSorted()
    .slice(0, NAMES_MAX);

/** Files that packages require by their path: the ones that a repository's first index lists. */
const isAskedFor = (path: string): boolean => path.includes("bin/") || path.startsWith("/etc/");

/**
 * What others can see of a build, as lines: two builds with the same are the same to all that depends on them. Without
 * source packages, versions' releases and what only tells of a package (its changelog, its licence).
 */
export function outputOf(contents: string): string {
  const lines = linesOf(contents).flatMap(({ of, kind, name, value }) => {
    if (isSource(of) || kind === "about") return [];
    const { plain, release } = partsOf(of);
    const bare = release === "" ? value : value.replaceAll(release, "");
    return [[plain, kind, name, kind === "file" ? value : bare].join("\t")];
  });
  return lines.toSorted().join("\n");
}

interface Line {
  /** The package by name, version, release and arch. */
  readonly of: string;
  readonly kind: string;
  readonly name: string;
  readonly value: string;
}

const linesOf = (contents: string): readonly Line[] =>
  contents.split("\n").flatMap((line) => {
    const [of = "", kind = "", name = "", ...value] = line.split("\t");
    return of === "" ? [] : [{ of, kind, name, value: value.join("\t") }];
  });

const isSource = (of: string): boolean => of.endsWith(".src");

/** A package without its release, and its `-release` as it stands behind its version where it is named. */
function partsOf(of: string): { readonly plain: string; readonly release: string } {
  const [dot, dash] = [of.lastIndexOf("."), of.lastIndexOf("-")];
  if (dash < 0 || dot < dash) return { plain: of, release: "" };
  return { plain: of.slice(0, dash) + of.slice(dot), release: of.slice(dash, dot) };
}
