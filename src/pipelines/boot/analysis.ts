/** The parts of a boot as systemd names them (`kernel`, `initrd`, `userspace`), and all of it, in seconds. */
export interface Startup {
  readonly parts: Readonly<Record<string, number>>;
  readonly total: number;
}

/** A unit, and how long it took to start, in seconds. */
export interface Blame {
  readonly unit: string;
  readonly seconds: number;
}

const SAID = "Startup finished in ";

/** `Startup finished in 1.2s (kernel) + 3.4s (userspace) = 4.6s`, from `systemd-analyze` or from systemd itself. */
export function startupIn(text: string): Startup | undefined {
  const begin = text.indexOf(SAID);
  if (begin < 0) return undefined;
  const said = text.slice(begin + SAID.length, begin + 300);
  const [sum = "", end = ""] = said.split(" = ", 2);
  const parts = sum.split(" + ").slice(0, PARTS_MAX).map(partOf);
  const known = parts.filter((part) => part !== undefined);
  const total = spanOf(end.endsWith(".") ? end.slice(0, -1) : end);
  if (known.length !== parts.length) return undefined;
  return total === undefined ? alone(known) : { parts: Object.fromEntries(known), total };
}

/** A container's userspace is all there is of it: it has no sum. */
function alone(parts: readonly (readonly [string, number])[]): Startup | undefined {
  const [first, ...more] = parts;
  return first && more.length === 0 ? { parts: Object.fromEntries([first]), total: first[1] } : undefined;
}

const PARTS_MAX = 6;

/** `1.2s (kernel)`. */
function partOf(text: string): readonly [string, number] | undefined {
  const open = text.indexOf(" (");
  const close = text.indexOf(")", open);
  const seconds = open < 0 ? undefined : spanOf(text.slice(0, open));
  const name = text.slice(open + 2, close);
  return seconds === undefined || close < 0 || !isWord(name) ? undefined : [name, seconds];
}

/** A line of `systemd-analyze blame`: `1min 2.345s NetworkManager-wait-online.service`. */
export function blameIn(text: string): Blame | undefined {
  const line = text.trim();
  const gap = line.lastIndexOf(" ");
  if (gap < 0 || line.length > 300) return undefined;
  const unit = line.slice(gap + 1);
  const seconds = spanOf(line.slice(0, gap));
  return seconds !== undefined && isUnit(unit) ? { unit, seconds } : undefined;
}

/** A span of time as systemd writes it: `1h 2min 3.456s`, `345ms`, `12us`. */
export function spanOf(text: string): number | undefined {
  const words = text.trim().split(" ", WORDS_MAX + 1);
  if (text.trim() === "" || words.length > WORDS_MAX) return undefined;
  let seconds = 0;
  for (const word of words) {
    const of = measured(word);
    if (of === undefined) return undefined;
    seconds += of;
  }
  return Math.round(seconds * 1e6) / 1e6;
}

const WORDS_MAX = 5;

function measured(word: string): number | undefined {
  const unit = UNITS.find(([name]) => word.endsWith(name));
  if (!unit) return undefined;
  const number = word.slice(0, -unit[0].length);
  const isNumber = number.length > 0 && number.length <= 12 && Array.from(number).every((c) => DIGITS.has(c));
  const value = isNumber ? Number(number) : Number.NaN;
  return Number.isFinite(value) ? value * unit[1] : undefined;
}

/** Longer names first: `ms` ends in `s`. */
const UNITS = [
  ["min", 60],
  ["ms", 1e-3],
  ["us", 1e-6],
  ["d", 86_400],
  ["h", 3600],
  ["s", 1],
] as const;

const DIGITS = new Set("0123456789.");

const KINDS = new Set([
  "service",
  "mount",
  "socket",
  "device",
  "swap",
  "target",
  "path",
  "timer",
  "slice",
  "scope",
]);

function isUnit(name: string): boolean {
  const kind = name.slice(name.lastIndexOf(".") + 1);
  return (
    name.length > kind.length + 1 && KINDS.has(kind) && Array.from(name).every((c) => c > " " && c < "\u007f")
  );
}

const isWord = (text: string): boolean =>
  text.length > 0 && text.length <= 20 && Array.from(text).every((c) => c >= "a" && c <= "z");
