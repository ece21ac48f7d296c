/** Numbers by chance, the same for the same seed. */
export interface Chance {
  /** From 0 to 1, without 1. */
  readonly even: () => number;
  readonly normal: () => number;
  /** How far a thing is off whose logarithm spreads so far: 1 in the middle. */
  readonly factor: (sigma: number) => number;
  /** Seconds until what comes every so many seconds comes again. */
  readonly gap: (mean: number) => number;
}

/** Mulberry32 and Box-Muller: good enough for a model. */
export function chanceOf(seed: number): Chance {
  let state = (seed + 1) * 0x9e37_79b9;
  const even = (): number => {
    state = (state + 0x6d2b_79f5) | 0;
    const a = Math.imul(state ^ (state >>> 15), 1 | state);
    const b = (a + Math.imul(a ^ (a >>> 7), 61 | a)) ^ a;
    return ((b ^ (b >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - even())) * Math.cos(2 * Math.PI * even());
  return {
    even,
    normal,
    factor: (sigma) => Math.exp(sigma * normal()),
    gap: (mean) => -mean * Math.log(1 - even()),
  };
}

/** So many of them, by chance. */
export function sample<T>(from: readonly T[], count: number, { even }: Chance): readonly T[] {
  const left = [...from];
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const [one] = left.splice(Math.floor(even() * left.length), 1);
    return one;
  }).flatMap((one) => (one === undefined ? [] : [one]));
}
