import type { Annotation } from "./annotation.ts";
import { type Remark, REMARKS, type ToldLog } from "./annotations-rpm.ts";
import { failedPart } from "./build-output.ts";
import { logLines } from "./log-lines.ts";
import { cutLine } from "./plain-line.ts";
import { specPlaces } from "../spec/places.ts";

/** What was built, as far as it is known. */
interface Annotated {
  /** The spec's path in the repository. */
  readonly path: string;
  /** The spec's text: with it more than rpm's own line numbers is found. */
  readonly text?: string | undefined;
  /** Paths of the commit's files: with them patches that are kept beside the spec get remarks of their own. */
  readonly files?: readonly string[] | undefined;
}

/** GitHub takes so many in one request. */
const COUNT_MAX = 50;
const MESSAGE_MAX = 1000;

/** What a log says about lines of files that are in the repository: failures first, each remark once. */
export function annotationsOf(log: string, recipe: Annotated): readonly Annotation[] {
  const all = logLines(log);
  const { from, to } = failedPart(all);
  const places = specPlaces(recipe.text ?? "");
  const told: ToldLog = { lines: all.slice(from, to), path: recipe.path, places, files: recipe.files ?? [] };
  const length = recipe.text === undefined ? LINES_MAX : places.length;
  const found = REMARKS.flatMap((remark) => remark(told)).map((remark) =>
    placed(remark, recipe.path, length),
  );
  const unique = new Map(found.map((one) => [`${one.path}:${one.line}:${one.message}`, one]));
  return [...unique.values()]
    .filter(({ path, message }) => isPlainPath(path) && message.trim() !== "")
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, COUNT_MAX);
}

/** A line that the spec has not is one of a file that it includes, so the remark stands at the top. */
function placed({ path, line = 1, message, level }: Remark, spec: string, length: number): Annotation {
  const isThere = line >= 1 && (path !== undefined || line <= length);
  return { path: path ?? spec, line: isThere ? line : 1, message: cutLine(message, MESSAGE_MAX), level };
}

const LINES_MAX = 1024 * 1024;

const rank = ({ level }: Annotation): number => (level === "failure" ? 0 : 1);

/** Inside the repository, and nothing that a path could be mistaken for. */
function isPlainPath(path: string): boolean {
  const isOdd = (part: string): boolean => ["", ".", "..", ".git"].includes(part);
  const isPlain = Array.from(path).every((c) => c >= " " && c !== "\\" && c !== "\u007f");
  return path.length <= 500 && isPlain && !path.split("/").some(isOdd);
}
