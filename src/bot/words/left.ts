import type { ConfigProblem } from "../config/config.ts";
import { code } from "../markdown/markdown.ts";
import type { Unbuilt } from "../work/recipes.ts";
import type { Untouched } from "../work/touched.ts";

/** Why something that stands at a commit is not built. */

export const leftBecause = (because: Untouched["because"]): string =>
  because.rule === "skip"
    ? "the config says to skip it"
    : `nothing changed in ${because.paths.map(place).join(", ")}`;

const place = (path: string): string => (path === "." ? "the root of the repository" : code(path));

const KINDS: Readonly<Record<Unbuilt["kind"], string>> = {
  service: "a `_service` without a spec beside it",
};

export const leftUnbuilt = (kind: Unbuilt["kind"]): string =>
  `${KINDS[kind]}, which this version finds but does not build`;

/** Of an image whose target, arch, profile and type leave nothing to be made. */
export const leftNoImage =
  "its description and the rules leave no image that this deployment makes for these targets";

/** Of images whose tree is not composed, or not where they could be made. */
export const leftNoDerived = (tree: string): string =>
  `nothing is composed of its tree ${code(tree)} where this deployment makes images of trees`;

/** Of images whose tree is not built since that would take too long. */
export const leftTreeless = "its tree is not built";

/** Of a treefile where nobody composes trees. */
export const leftNoTree = "a treefile, and none of its targets composes trees";

export const leftUnacked =
  "images are made with more powers than packages: a committer must `/ack` this commit first";

/** The rules are those of the default branch: what they name may not be at this commit. */
export const leftMistake = ({ line, because }: ConfigProblem) => ({
  what: `.millwright.yml:${line}`,
  because: code(because),
});

export const leftList = (left: readonly { readonly what: string; readonly because: string }[]): string =>
  [
    ...left.slice(0, LISTED).map(({ what, because }) => `- ${code(what)}: ${because}`),
    ...(left.length > LISTED ? [`- and ${left.length - LISTED} more`] : []),
  ].join("\n");

const LISTED = 100;
