import { isLetter } from "../markdown/html-tags.ts";
import { seenLines } from "../markdown/seen-lines.ts";

/** GitHub's own limit for a comment, in UTF-16 units; of a longer one nothing is read. */
const BODY_MAX = 64 * 1024;

/** The lines of a comment that begin with `/` and a letter, as seen plain text; up to three blanks before are Markdown's. */
export function commandLines(body: string): readonly string[] {
  if (body.length > BODY_MAX) return [];
  return seenLines(body)
    .filter((line) => {
      const slash = line.indexOf("/");
      return slash >= 0 && slash < 4 && isBlank(line.slice(0, slash)) && isLetter(line.charAt(slash + 1));
    })
    .map((line) => line.trim());
}

const isBlank = (text: string): boolean => text === "" || text === " " || text === "  " || text === "   ";
