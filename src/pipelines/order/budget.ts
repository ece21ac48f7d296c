import { z } from "zod";

const Spent = z.readonly(z.strictObject({ at: z.int(), writes: z.int() }));

/** What an installation has written to GitHub of late. Times are seconds from 1970. */
export const Budget = z.readonly(
  z.strictObject({
    v: z.literal(1),
    /** Oldest first. */
    spent: z.readonly(z.array(Spent)),
    /** When the things that are kept up to date were last written, by what they are. */
    told: z.readonly(z.record(z.string(), z.int())),
    /** GitHub wants silence until then. */
    closed: z.optional(z.int()),
  }),
);
export type Budget = z.infer<typeof Budget>;

export const budgetKey = (installation: number): string => `budget/${installation}.json`;

export const noBudget: Budget = { v: 1, spent: [], told: {} };

/** How much a write matters, the most first: an end, what is new, a beginning, and whatever else has moved on. */
export const WEIGHTS = ["ended", "new", "began", "moved"] as const;
export type Weight = (typeof WEIGHTS)[number];

/** The share of every window that is left to what matters more. */
const LEAVES: Readonly<Record<Weight, number>> = { ended: 0, new: 0.1, began: 0.25, moved: 0.25 };

/** A write reaches GitHub a little after it was drawn, and clocks differ a little. */
const LATE = 30;
/** GitHub's secondary limit on content creation, for each installation. */
const WINDOWS = [
  { seconds: 60 + LATE, most: 80 },
  { seconds: 3600 + LATE, most: 500 },
] as const;
const LONGEST = 3600 + LATE;

/** Updates of the same thing are so many seconds apart; what begins need not wait while there is plenty. */
const APART = 10;
const PLENTY = 0.5;

/** What somebody wants to write at once. */
export interface Asked {
  /** What is kept up to date by it. */
  readonly about: string;
  /** One for each write, what matters most first. */
  readonly writes: readonly Weight[];
}

/** How many of the writes, from the first, may be made now; the very same budget where none may. */
export function draw(
  budget: Budget,
  { about, writes }: Asked,
  now: number,
): { readonly budget: Budget; readonly granted: number } {
  // Clocks may differ; the record's time only goes forward.
  const at = Math.max(now, budget.spent.at(-1)?.at ?? 0);
  const spent = budget.spent.filter((one) => one.at > at - LONGEST);
  const used = WINDOWS.map(({ seconds, most }) => ({
    most,
    sum: spent.reduce((sum, one) => (one.at > at - seconds ? sum + one.writes : sum), 0),
  }));
  const hasPlenty = used.every(({ most, sum }) => sum + writes.length <= most * PLENTY);
  const mayWait = writes.every((weight) => weight === "moved" || (weight === "began" && !hasPlenty));
  const isSilent = at < (budget.closed ?? 0) || (mayWait && at < (budget.told[about] ?? 0) + APART);
  const granted = isSilent ? 0 : fitting(used, writes);
  if (granted === 0) return { budget, granted };
  const told = Object.entries({ ...budget.told, [about]: at }).filter(([, then]) => then > at - APART);
  return {
    budget: { ...budget, spent: [...spent, { at, writes: granted }], told: Object.fromEntries(told) },
    granted,
  };
}

/** GitHub has said that it takes no more until then. */
export const closed = (budget: Budget, until: number): Budget => ({
  ...budget,
  closed: Math.max(until, budget.closed ?? 0),
});

interface Used {
  readonly most: number;
  readonly sum: number;
}

/** How many of the writes, from the first, there is room for. */
function fitting(used: readonly Used[], writes: readonly Weight[]): number {
  const isFull = (weight: Weight, before: number) =>
    used.some(({ most, sum }) => sum + before >= Math.floor(most * (1 - LEAVES[weight])));
  const full = writes.findIndex(isFull);
  return full < 0 ? writes.length : full;
}
