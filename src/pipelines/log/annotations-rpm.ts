import { numberAt } from "./patterns-signs.ts";
import { meaningOf } from "./patterns.ts";
import { rpmComplaint } from "./rpm-complaint.ts";
import type { SpecPlaces } from "../spec/places.ts";

/** The part of a log that failed, and what is known of what was built. */
export interface ToldLog {
  readonly lines: readonly string[];
  /** The spec's path in the repository. */
  readonly path: string;
  readonly places: SpecPlaces;
  /** Paths of the repository's files. */
  readonly files: readonly string[];
}

/** Without a path it is about the spec, without a line about its first. */
export interface Remark {
  readonly path?: string | undefined;
  readonly line?: number | undefined;
  readonly message: string;
  readonly level: "failure" | "warning";
}

const level = "failure";

/** rpm's parser names the line itself. Once scripts run, they may print what only looks like it. */
function ofParser({ lines, path }: ToldLog): readonly Remark[] {
  const spec = path.slice(path.lastIndexOf("/") + 1);
  const end = lines.findIndex((line) => line.startsWith("Executing(%"));
  return lines.slice(0, end < 0 ? undefined : end).flatMap((line) => rpmComplaint(line, spec) ?? []);
}

/** What is missing is told line by line; unless it could be installed, and the build went on. */
function ofRequirements({ lines, places }: ToldLog): readonly Remark[] {
  const at = lines.findLastIndex((line) => line.startsWith("error: Failed build dependencies"));
  if (at < 0 || lines.findLastIndex((line) => line.startsWith("Executing(%")) > at) return [];
  const below = lines.slice(at + 1);
  const end = below.findIndex((line) => !line.includes(NEEDED));
  return below.slice(0, end < 0 ? undefined : end).map((line) => {
    const message = line.trim();
    return { line: places.requirement(message.slice(0, message.indexOf(NEEDED))), message, level };
  });
}

const NEEDED = " is needed by ";

const NOT_FOUND = ["error: File not found", "error: Directory not found"];
const UNPACKAGED = "error: Installed (but unpackaged) file(s) found:";

function ofFiles({ lines, places }: ToldLog): readonly Remark[] {
  const gone = lines.filter((line) => NOT_FOUND.some((start) => line.startsWith(start)));
  const remarks = gone.map(
    (line) => ({ line: places.file(line), message: line.slice(ERROR), level }) as const,
  );
  const at = lines.findIndex((line) => line.startsWith(UNPACKAGED));
  if (at < 0) return remarks;
  const below = lines.slice(at + 1);
  const end = below.findIndex((line) => !line.startsWith("   /"));
  const paths = below.slice(0, end < 0 ? undefined : end).map((line) => line.trim());
  const message = [UNPACKAGED.slice(ERROR), ...paths].join("\n");
  return [...remarks, { line: places.file(""), message, level }];
}

const ERROR = "error: ".length;

/** A source that is not there, or is not what it seems, by its name among the SOURCES. */
function ofSources({ lines, places }: ToldLog): readonly Remark[] {
  const told = lines.filter((line) => line.startsWith("error: ") && line.includes(SOURCES));
  return told.flatMap((line) => {
    const [name = ""] = line.slice(line.indexOf(SOURCES) + SOURCES.length).split(ENDS);
    const place = places.source(name.endsWith(":") ? name.slice(0, -1) : name);
    return place === undefined ? [] : [{ line: place, message: line.slice(ERROR), level }];
  });
}

const SOURCES = "/SOURCES/";
const ENDS = " ";

/** The first patch that fails ends the build. Its own file is the place if it is in the repository. */
function ofPatches({ lines, places, path, files }: ToldLog): readonly Remark[] {
  const at = lines.findIndex((line) => meaningOf(line)?.kind === "patch");
  const message = lines[at];
  const name = lines
    .slice(0, Math.max(0, at))
    .map(patchOf)
    .findLast((one) => one !== undefined);
  if (message === undefined || name === undefined) return [];
  const file = path.slice(0, path.lastIndexOf("/") + 1) + name;
  if (!files.includes(file)) return [{ line: places.source(name), message, level }];
  return [{ path: file, line: lineOfPatch(message), message, level }];
}

/** `Patch #0 (fix.patch):`, and what the shell says before it reads one from SOURCES. */
function patchOf(line: string): string | undefined {
  if (line.startsWith("Patch #")) return line.slice(line.indexOf("(") + 1, line.lastIndexOf(")"));
  const at = line.startsWith("+ ") ? line.lastIndexOf(SOURCES) : -1;
  const name = at < 0 ? "" : line.slice(at + SOURCES.length);
  return PATCHES.some((end) => name.endsWith(end)) ? name : undefined;
}

const PATCHES = [".patch", ".diff"];

/** `malformed patch at line 7: …`, `corrupt patch at line 7`. */
function lineOfPatch(message: string): number | undefined {
  const at = message.indexOf(PATCH_LINE);
  return at < 0 ? undefined : numberAt(message, at + PATCH_LINE.length)?.value;
}

const PATCH_LINE = " patch at line ";

/** A macro that rpm does not know stays as it is written, and the shell looks for a command of that name. */
function ofMacros({ lines, places }: ToldLog): readonly Remark[] {
  return lines.flatMap((line) => {
    const name = line.endsWith(": not found") ? (line.split(": ").at(-2) ?? "") : "";
    const place = name.startsWith("%") ? places.macro(name) : undefined;
    return place === undefined ? [] : [{ line: place, message: `${name}: not found`, level }];
  });
}

/** What there is to say, each of one kind of trouble. */
export const REMARKS: readonly ((told: ToldLog) => readonly Remark[])[] = [
  ofParser,
  ofRequirements,
  ofFiles,
  ofSources,
  ofPatches,
  ofMacros,
];
