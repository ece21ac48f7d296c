import { type Meaning, numberAt, type Sign, signs } from "./patterns-signs.ts";

const compiler: Meaning = { says: "cause", kind: "compiler" };
const linker: Meaning = { says: "cause", kind: "linker" };
const dependencies: Meaning = { says: "cause", kind: "dependencies" };
const complaint: Meaning = { says: "complaint" };
const echo: Meaning = { says: "echo" };

/** go names no `error`: `./main.go:4:2: undefined: greet`. */
function isOfGo(line: string): boolean {
  const name = line.indexOf(".go:");
  const row = name < 0 ? undefined : numberAt(line, name + 4);
  const column = row && line[row.end] === ":" ? numberAt(line, row.end + 1) : undefined;
  return column !== undefined && line.startsWith(": ", column.end);
}

/** rustc's own errors point at their place in the line below. */
const isOfRust = (line: string, next: string): boolean =>
  line.startsWith("error[E") || (line.startsWith("error: ") && next.trimStart().startsWith("--> "));

const COMPILERS: readonly Sign[] = [
  ...signs(echo, "has", [
    "collect2: error: ",
    ": error: linker command failed",
    "error: could not compile `",
    "error: command '",
    "BEGIN failed--compilation aborted",
    "all warnings being treated as errors",
  ]),
  ...signs(linker, "has", [
    "undefined reference to",
    "ld: cannot find ",
    ": multiple definition of ",
    "lld: error: ",
    "mold: error: ",
    "relocation truncated to fit",
    "symbol lookup error: ",
    "error: linking with `",
  ]),
  { ...dependencies, has: ": module lookup disabled by " },
  { ...dependencies, has: ": no required module provides package" },
  { ...compiler, is: isOfGo },
  { ...compiler, is: isOfRust },
  ...signs(compiler, "has", [
    ": fatal error:",
    ": error:",
    ": Error: ",
    "): error TS",
    "error: aborting due to",
  ]),
  ...signs(compiler, "start", ["SyntaxError: ", "IndentationError: ", "syntax error at "]),
  ...signs(compiler, "has", ["[ERROR] COMPILATION ERROR"]),
];

const MISSING: readonly Sign[] = [
  { ...dependencies, start: "Can't locate ", has: " in @INC" },
  { ...dependencies, start: "error: no matching package " },
  { ...dependencies, start: "error: failed to select a version" },
  ...signs(dependencies, "has", ["Error: Cannot find module ", "Could not find a version that satisfies"]),
  ...signs({ ...dependencies, says: "complaint" }, "has", [
    "ModuleNotFoundError: ",
    "Could not resolve dependencies",
  ]),
];

const command: Meaning = { ...complaint, kind: "command" };

const exception: Meaning = { ...complaint, kind: "exception" };

/** What programs say of whatever it is that they do not like. */
const OTHERS: readonly Sign[] = [
  ...signs({ ...command, says: "cause" }, "has", [": Syntax error: ", ": syntax error near "]),
  ...signs(command, "has", [
    ": command not found",
    ": cannot stat ",
    ": cannot open ",
    ": failed to access ",
  ]),
  ...signs(command, "end", [
    ": not found",
    ": No such file or directory",
    ": Permission denied",
    ": Is a directory",
    ": Not a directory",
    ": Read-only file system",
    ": Exec format error",
  ]),
  ...signs(complaint, "start", [
    "ERROR",
    "[ERROR]",
    "fatal: ",
    "FATAL",
    "panic: ",
    "Failed to ",
    "failed to ",
    "npm ERR!",
  ]),
  ...signs(exception, "has", [
    "Traceback (most recent call last)",
    "Exception: ",
    "Exception in thread",
    "TypeError: ",
  ]),
  { ...complaint, has: "rror: " },
];

/** Compilers, linkers and interpreters, and programs of all kinds. */
export const LANGUAGES: readonly Sign[] = [...COMPILERS, ...MISSING, ...OTHERS];
