/** What each method of strings looks at: as many characters as come back, or as lie before what is found. */
const COSTS: Readonly<Record<string, (text: string, result: unknown, args: readonly unknown[]) => number>> = {
  charAt: () => 1,
  slice: (_, result) => String(result).length,
  toLowerCase: (text) => text.length,
  trim: (text) => text.length,
  split: (text) => text.length,
  replaceAll: (text) => text.length,
  startsWith: (_text, _result, [what]) => String(what).length,
  includes: (text, _, [what, from]) => distance(text, String(what), Number(from ?? 0)),
  indexOf: (text, _, [what, from]) => distance(text, String(what), Number(from ?? 0)),
};

// Without the methods that are counted: this is asked while they are replaced.
const { indexOf } = Object.getOwnPropertyDescriptors(String.prototype);

function distance(text: string, what: string, from: number): number {
  const found: unknown = indexOf.value?.call(text, what, from);
  return (Number(found) < 0 ? text.length : Number(found)) - from + what.length;
}

/** How many characters of strings are looked at while `run` runs; other ways to look than these methods are not seen. */
export function looksAt(run: () => unknown): number {
  let looks = 0;
  const strings: Record<string, unknown> = Object(String.prototype);
  const methods = Object.entries(COSTS).map(
    ([name, cost]) => [name, cost, strings[name] as (...args: unknown[]) => unknown] as const,
  );
  let isCounting = true;
  try {
    for (const [name, cost, native] of methods) {
      strings[name] = function (this: string, ...args: unknown[]) {
        const result = native.apply(this, args);
        if (isCounting) {
          isCounting = false;
          looks += cost(this, result, args);
          isCounting = true;
        }
        return result;
      };
    }
    run();
  } finally {
    for (const [name, , native] of methods) strings[name] = native;
  }
  return looks;
}
