/** A line, and the one below it. */
type IsDetail = (line: string, next: string) => boolean;

/** By what the place is known where a suite tells more of a test that it said has failed, if it has such places. */
export function detailOf(failed: string): IsDetail | undefined {
  // automake: `FAIL: name` again, underlined, and then what the test printed.
  if (failed.startsWith("FAIL: ") || failed.startsWith("ERROR: "))
    return (line, next) => line === failed && next.startsWith("===");
  // cargo: `test name ... FAILED`, and after all tests `---- name stdout ----`.
  if (failed.startsWith(CARGO) && failed.endsWith(FAILED)) {
    const title = `---- ${failed.slice(CARGO.length, -FAILED.length)} stdout ----`;
    return (line) => line === title;
  }
  return undefined;
}

const CARGO = "test ";
const FAILED = " ... FAILED";
