import type { Annotation } from "./annotation.ts";

/** Where a refusal speaks of a line (`greet/_service:5: sentence`): the remark that belongs there, if it names one. */
export function remarksOfRefusal(sentence: string): readonly Annotation[] {
  const end = sentence.indexOf(": ");
  const head = sentence.slice(0, Math.max(0, end));
  const colon = head.lastIndexOf(":");
  const [path, digits] = [head.slice(0, Math.max(0, colon)), head.slice(colon + 1)];
  const isPlace = path !== "" && !path.includes(" ") && digits !== "" && digits.length < 8;
  if (!isPlace || Array.from(digits).some((char) => char < "0" || char > "9") || Number(digits) < 1)
    return [];
  return [{ path, line: Number(digits), message: sentence.slice(end + 2), level: "failure" }];
}
