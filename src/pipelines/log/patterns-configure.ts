import { type Meaning, type Sign, signs } from "./patterns-signs.ts";

const echo: Meaning = { says: "echo" };
const configure: Meaning = { says: "cause", kind: "configure" };
const dependencies: Meaning = { says: "cause", kind: "dependencies" };
const command: Meaning = { says: "cause", kind: "command" };

/** make, ninja, cmake, meson, autotools, pkg-config. */
export const CONFIGURING: readonly Sign[] = [
  { ...command, has: "*** No rule to make target" },
  { ...command, has: ": *** ", end: ".  Stop." },
  { ...command, start: "make: ", end: ": No such file or directory" },
  { ...command, start: "make: ", end: ": Permission denied" },
  ...signs(echo, "start", [
    "ninja: build stopped",
    "FAILED: ",
    "-- Configuring incomplete",
    "autoreconf: error: ",
  ]),
  ...signs(echo, "has", ["*** [", "*** Waiting for unfinished jobs"]),
  { ...echo, start: "Errors while running CTest" },
  { ...dependencies, has: ": ERROR: Dependency " },
  { ...dependencies, has: "configure: error: Package requirements " },
  { ...dependencies, says: "complaint", has: " was not found in the pkg-config search path" },
  { ...dependencies, says: "complaint", start: "No package '", end: "' found" },
  ...signs(configure, "has", [
    "configure: error: ",
    ": error: possibly undefined macro",
    ": error: required file ",
  ]),
  ...signs(configure, "start", ["CMake Error", "automake: error: ", "aclocal: error: "]),
  { ...configure, has: "meson.build:", is: (line) => line.includes(": ERROR: ") },
];
