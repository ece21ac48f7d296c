import { CONTENTS } from "../release/papers.ts";
import type { Recipe } from "../run.ts";

/** Is it a list of what a build made: of packages our own one, of images kiwi's? */
export const isListOf = (kind: Recipe["kind"], file: string): boolean =>
  kind === "image" ? file.endsWith(".packages") : file === CONTENTS;
