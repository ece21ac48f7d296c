import type { Expansion, SpecMacros } from "./macros.ts";
import type { Files, List, Once } from "./words.ts";

/** Where something stands in the spec, from 1; columns count UTF-16 code units. */
export interface SpecPlace {
  readonly line: number;
  readonly column: number;
  /** It stands in a branch of `%if`, which is not evaluated: rpm may not see it. */
  readonly conditional: boolean;
}

/** The value of a tag: as written (`raw`), and with what is known put in (`value`). */
export interface SpecValue extends Expansion, SpecPlace {
  readonly tag: string;
  readonly raw: string;
}

export interface SpecFile extends SpecValue {
  readonly number: number;
}

export interface SpecPackage extends Expansion, SpecPlace {}

/** A sentence for the author. */
export interface SpecProblem {
  readonly line: number;
  readonly column: number;
  readonly sentence: string;
}

/** What can be known of a spec without running anything. rpm is the judge of what it really means. */
export interface Spec
  extends
    Readonly<Partial<Record<Once, SpecValue>>>,
    Readonly<Record<List, readonly SpecValue[]>>,
    Readonly<Record<Files, readonly SpecFile[]>> {
  /** Subpackages, in order. */
  readonly packages: readonly SpecPackage[];
  readonly problems: readonly SpecProblem[];
}

/** A spec half read. */
export interface Reading {
  readonly macros: SpecMacros;
  readonly once: Partial<Record<Once, SpecValue>>;
  readonly lists: Record<List, SpecValue[]>;
  readonly files: Record<Files, SpecFile[]>;
  readonly packages: SpecPackage[];
  readonly problems: SpecProblem[];
  section: "main" | "package" | "body" | Files;
  /** Lines of the `%if`s that are open. */
  readonly conditions: number[];
}

export const emptyReading = (macros: SpecMacros): Reading => ({
  macros,
  once: {},
  lists: { buildRequires: [], buildArch: [], exclusiveArch: [], excludeArch: [] },
  files: { sources: [], patches: [] },
  packages: [],
  problems: [],
  section: "main",
  conditions: [],
});

/** Nobody reads more. */
const PROBLEMS = 100;

export function complain(reading: Reading, line: number, sentence: string): void {
  if (reading.problems.length < PROBLEMS) reading.problems.push({ line, column: 1, sentence });
}
