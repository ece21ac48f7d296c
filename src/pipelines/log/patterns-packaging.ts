import { isDigit, type Meaning, type Sign, signs } from "./patterns-signs.ts";

const cause = (kind: NonNullable<Meaning["kind"]>): Meaning => ({ says: "cause", kind });

/** rpm's parser names the spec's line: `error: line 12: …`, `error: /…/x.spec:12: …`, `error: /…/x.spec: line 12: …`. */
const isOfSpec = (line: string): boolean =>
  line.startsWith("error: ") &&
  ((line.startsWith("error: line ") && isDigit(line[12])) || line.includes(".spec:"));

/** rpmbuild, dnf, zypper, patch and git apply; kiwi, ostree and rpm-ostree. */
export const PACKAGING: readonly Sign[] = [
  ...signs({ says: "echo" }, "start", ["error: Bad exit status from ", "RPM build errors:"]),
  { ...cause("spec"), is: isOfSpec },
  ...signs(cause("spec"), "start", [
    "error: lua script failed",
    "error: Architecture is ",
    "error: parse error in expression",
    "error: unexpected end of expression",
    "error: Too many levels of recursion",
    "error: query of specfile",
    "error: Unknown option ",
    "error: Failed to expand ",
  ]),
  { ...cause("spec"), start: "error: ", has: " must be present in package" },
  ...signs(cause("dependencies"), "start", [
    "error: Failed build dependencies",
    "Problem: ",
    " Problem: ",
    " Problem 1: ",
    "No matching package to install",
    "No match for argument: ",
    "No provider of '",
    "Error: Unable to find a match",
    "error: Packages not found: ",
    "error: Could not depsolve transaction",
    "E: Unable to locate package ",
  ]),
  ...signs(cause("dependencies"), "has", ["nothing provides ", " have unmet dependencies"]),
  ...signs(cause("files"), "start", [
    "error: File not found",
    "error: Directory not found",
    "error: Installed (but unpackaged) file(s) found",
    "error: File must begin with",
    "error: Two files on one line",
    "error: Explicit ",
    "error: Empty %files file",
    "error: Could not open %files file",
    "error: Arch dependent binaries in noarch package",
    "error: Missing build-id",
    "ERROR   000",
  ]),
  { ...cause("files"), start: "Found '", has: "in installed files; aborting" },
  ...signs(cause("sources"), "start", ["error: Bad source: ", "error: Bad file: ", "error: Unable to open "]),
  { ...cause("sources"), start: "error: File ", has: "/SOURCES/" },
  ...signs(cause("sources"), "has", [
    "does not look like a tar archive",
    "not in gzip format",
    ": can't cd to ",
  ]),
  ...signs(cause("patch"), "start", [
    "error: patch failed: ",
    "error: corrupt patch at line ",
    "No file to patch.",
    "Reversed (or previously applied) patch detected",
    "can't find file to patch",
    "Patch failed at ",
  ]),
  ...signs(cause("patch"), "has", [" FAILED at ", " hunk FAILED", " hunks FAILED", "patch: **** "]),
  ...signs(cause("patch"), "end", [": does not exist in index", ": patch does not apply", " hunk ignored"]),
  ...signs(cause("image"), "start", [
    "[ ERROR   ]",
    "error: Failed to parse treefile",
    "error: parsing treefile",
  ]),
  ...signs(cause("image"), "has", [":ERROR:RELAXNGV:"]),
];
