import { isDigit, type Meaning, type Sign, signs } from "./patterns-signs.ts";

const tests: Meaning = { says: "cause", kind: "tests" };

/** `2/2 name   FAIL   0.01s`, as meson counts. */
const isMesonFailure = (line: string): boolean => {
  const text = line.trimStart();
  const slash = text.indexOf("/");
  const isCount = isDigit(text[0]) && slash > 0 && slash < 6 && isDigit(text[slash + 1]);
  return isCount && [" FAIL ", " TIMEOUT ", " ERROR "].some((word) => text.includes(word));
};

/** automake's tests, TAP, ctest, meson, pytest, unittest, go, cargo, googletest, perl's, maven's. */
export const TESTS: readonly Sign[] = [
  // At the start of a line only: a suite that passed counts its `# FAIL:  0` as well.
  ...signs(tests, "start", [
    "FAIL: ",
    "ERROR: test",
    "not ok ",
    "--- FAIL: ",
    "E   ",
    "[  FAILED  ]",
    "#   Failed test",
  ]),
  ...signs(tests, "has", ["***Failed", "***Exception", "***Timeout", "***Not Run"]),
  { ...tests, start: "FAILED ", has: "::" },
  { ...tests, start: "test ", end: " ... FAILED" },
  { ...tests, start: "thread '", has: "' panicked at " },
  { ...tests, has: "[ERROR] Tests run: " },
  // googletest: what was expected stands below its place.
  { ...tests, has: ":", end: ": Failure" },
  { ...tests, is: isMesonFailure },
  ...signs({ ...tests, says: "complaint" }, "has", ["AssertionError", "Assertion `", "Failed 1/"]),
  ...signs({ says: "echo", kind: "tests" }, "start", ["error: test failed, to rerun", "Result: FAIL"]),
];
