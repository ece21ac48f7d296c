import { cutLine, plainLine } from "./plain-line.ts";

/** Of a longer line nothing is read. In UTF-16 code units. */
const LINE_READ = 4000;

/** The lines of a log, plain and not too long to be read. */
export function logLines(log: string): readonly string[] {
  const lines = log.split("\n").map((line) => plainLine(cutLine(line, LINE_READ)));
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
