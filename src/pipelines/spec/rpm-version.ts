/** Which of two versions rpm takes for newer: 1 the first, -1 the second, 0 neither (rpmvercmp, with `~` and `^`). */
export function compareVersions(one: string, other: string): -1 | 0 | 1 {
  let [a, b] = [one, other];
  for (;;) {
    [a, b] = [withoutMarks(a), withoutMarks(b)];
    const compared = compareFirst(a, b);
    if (!("left" in compared)) return compared.result;
    [a, b] = [a.slice(compared.left), b.slice(compared.right)];
  }
}

/** The result, or how much of each is the same to rpm. */
type First = { readonly result: -1 | 0 | 1 } | { readonly left: number; readonly right: number };

function compareFirst(a: string, b: string): First {
  const sign = compareTilde(a, b) ?? compareCaret(a, b);
  if (sign === "both") return { left: 1, right: 1 };
  if (sign !== undefined) return { result: sign };
  if (a === "" || b === "") return { result: a === b ? 0 : a === "" ? -1 : 1 };
  return compareRuns(a, b);
}

function compareRuns(a: string, b: string): First {
  const isNumber = isDigit(a.charAt(0));
  const kind = isNumber ? isDigit : isLetter;
  const [left, right] = [run(a, kind), run(b, kind)];
  // A number is newer than letters.
  if (right === "") return { result: isNumber ? 1 : -1 };
  const result = isNumber ? compareNumbers(left, right) : compareText(left, right);
  return result === 0 ? { left: left.length, right: right.length } : { result };
}

type Sign = -1 | 1 | "both" | undefined;

/** What has a tilde comes before what ends there. */
function compareTilde(a: string, b: string): Sign {
  const [inA, inB] = [a.startsWith("~"), b.startsWith("~")];
  if (inA && inB) return "both";
  if (inA) return -1;
  return inB ? 1 : undefined;
}

/** What has a caret comes after what ends there, and before what goes on otherwise. */
function compareCaret(a: string, b: string): Sign {
  const [inA, inB] = [a.startsWith("^"), b.startsWith("^")];
  if (inA && inB) return "both";
  if (inA) return b === "" ? 1 : -1;
  if (inB) return a === "" ? -1 : 1;
  return undefined;
}

function compareNumbers(a: string, b: string): -1 | 0 | 1 {
  const [left, right] = [withoutZeros(a), withoutZeros(b)];
  if (left.length !== right.length) return left.length > right.length ? 1 : -1;
  return compareText(left, right);
}

const compareText = (a: string, b: string): -1 | 0 | 1 => (a === b ? 0 : a > b ? 1 : -1);

const isDigit = (char: string): boolean => char >= "0" && char <= "9";
const isLetter = (char: string): boolean => (char >= "a" && char <= "z") || (char >= "A" && char <= "Z");

/** Points, dashes and the like only part what is compared. */
function withoutMarks(text: string): string {
  let at = 0;
  while (at < text.length && isMark(text.charAt(at))) at += 1;
  return text.slice(at);
}

const isMark = (char: string): boolean => !isDigit(char) && !isLetter(char) && char !== "~" && char !== "^";

function withoutZeros(digits: string): string {
  let at = 0;
  while (digits.charAt(at) === "0") at += 1;
  return digits.slice(at);
}

function run(text: string, belongs: (char: string) => boolean): string {
  let at = 0;
  while (at < text.length && belongs(text.charAt(at))) at += 1;
  return text.slice(0, at);
}
