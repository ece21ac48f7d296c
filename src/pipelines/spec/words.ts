/** The words of a spec that the static reader knows, in lower case as rpm compares tags. */

export const CONDITIONS_OPEN = new Set(["if", "ifarch", "ifnarch", "ifos", "ifnos"]);
export const CONDITIONS_TURN = new Set(["else", "elif", "elifarch", "elifos"]);

/** Sections that hold no tags. */
export const BODIES = new Set(
  [
    "description prep conf generate_buildrequires build install check clean files changelog verifyscript",
    "pre post preun postun pretrans posttrans preuntrans postuntrans",
    "trigger triggerprein triggerin triggerun triggerpostun filetriggerin filetriggerun filetriggerpostun",
    "transfiletriggerin transfiletriggerun transfiletriggerpostun",
  ].flatMap((line) => line.split(" ")),
);

/** Tags given once, in the main preamble; each also defines the macros of its name. */
export type Once = "name" | "epoch" | "version" | "release" | "url";
export const ONCE: ReadonlyMap<string, Once> = new Map([
  ["name", "name"],
  ["epoch", "epoch"],
  ["version", "version"],
  ["release", "release"],
  ["url", "url"],
]);

/** Tags given any number of times. Of these only `BuildRequires` counts for all when a subpackage gives it. */
export type List = "buildRequires" | "buildArch" | "exclusiveArch" | "excludeArch";
export const LISTS: ReadonlyMap<string, List> = new Map([
  ["buildrequires", "buildRequires"],
  ["buildarch", "buildArch"],
  ["buildarchitectures", "buildArch"],
  ["exclusivearch", "exclusiveArch"],
  ["excludearch", "excludeArch"],
]);

export type Files = "sources" | "patches";
export const FILES: ReadonlyMap<string, Files> = new Map([
  ["source", "sources"],
  ["patch", "patches"],
]);

/** Sections that list files, one in a line. */
export const LISTINGS: ReadonlyMap<string, Files> = new Map([
  ["sourcelist", "sources"],
  ["patchlist", "patches"],
]);
