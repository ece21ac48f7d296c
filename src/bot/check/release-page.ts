import { shorten } from "../shorten.ts";

/** GitHub takes so many characters of a Release. */
const MAX = 120_000;

const BEGIN = "<!-- millwright:release -->";
const END = "<!-- /millwright:release -->";

/** The text of a Release with our part in it: what people wrote around it stays, and ours is where it was. */
export function pageWith(was: string | undefined, ours: string): string {
  // GitHub's own editor ends lines with both.
  const text = (was ?? "").replaceAll("\r\n", "\n");
  const from = text.indexOf(BEGIN);
  // What packagers wrote may say anything: our end is the last one.
  const end = from < 0 ? -1 : text.lastIndexOf(END);
  const isThere = end > from;
  const before = (isThere ? text.slice(0, from) : text).trimEnd();
  const after = isThere ? text.slice(end + END.length).trimStart() : "";
  const room = MAX - before.length - after.length - BEGIN.length - END.length;
  const part = `${BEGIN}\n${shorten(ours, Math.max(room, 1000))}\n\n${END}`;
  return [before, part, after].filter((one) => one !== "").join("\n\n");
}

/** Would writing it change anything that is read? */
export const isSamePage = (was: string | undefined, now: string): boolean =>
  (was ?? "").replaceAll("\r\n", "\n").trimEnd() === now.trimEnd();
