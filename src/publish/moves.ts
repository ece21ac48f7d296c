import { z } from "zod";
import type { Mirror } from "./mirror.ts";

/** A pointer of a channel (to a snapshot of a target, or a ref of its trees) that is to say something else: all of its text
 *  before (absent: it is not there yet) and after. */
const Move = z.readonly(
  z.strictObject({
    key: z.string().regex(/^ostree\/refs\/heads\/|\/mirrorlist$/),
    from: z.optional(z.string()),
    to: z.string(),
  }),
);
export type Move = z.infer<typeof Move>;

const Moves = z.strictObject({ v: z.literal(1), moves: z.readonly(z.array(Move)) });

/** Which pointers of a channel are being moved; none, most of the time. */
export const MOVES = "moves.json";

// Pointers are many objects, and a store of objects changes one at a time. So what is to be moved is written down first,
// in one object that only one publisher can open, and pointers move only while they stand in it. That makes the first
// look at them the last word: if each says what its move begins or ends with, all moves can be made, since nobody else
// makes any; if one says something else, none is made. Whoever finds moves that were left open, by a publisher that died
// or is slow, comes to the same end: text never comes back to what it was, so a late write finds its condition broken.
// Between two of the moves a reader finds some targets new and some old, and each of them whole.

/** Moves all of these pointers, or none: `false` says that one no longer said what was read, or that nobody knows. */
export async function moveAll(mirror: Mirror, moves: readonly Move[]): Promise<boolean> {
  if (moves.length === 0) return true;
  for (;;) {
    const closed = await settle(mirror);
    const opened = closed === undefined ? await create(mirror, moves) : await open(mirror, moves, closed);
    if (!opened) continue;
    const there = await read(mirror);
    if (!there || textOf(there.moves) !== textOf(moves)) return false;
    return carryOut(mirror, there);
  }
}

/** Ends what another publisher began: afterwards no pointer is behind the others. Gives the version of `MOVES`, closed. */
export async function settle(mirror: Mirror): Promise<string | undefined> {
  for (;;) {
    const there = await read(mirror);
    if (!there || there.moves.length === 0) return there?.version;
    await carryOut(mirror, there);
  }
}

interface Open {
  readonly moves: readonly Move[];
  readonly version: string;
}

async function carryOut(mirror: Mirror, { moves, version }: Open): Promise<boolean> {
  const there = await Promise.all(moves.map(({ key }) => mirror.get(key)));
  const texts = there.map((one) => one && Buffer.from(one.value).toString());
  const possible = moves.every(({ from, to }, n) => texts[n] === from || texts[n] === to);
  for (const [n, { key, to }] of moves.entries()) {
    if (!possible || texts[n] === to) continue;
    const before = there[n];
    // If that fails, somebody else has carried out the same moves meanwhile.
    await (before
      ? mirror.replace(key, Buffer.from(to), before.version)
      : mirror.create(key, Buffer.from(to)));
  }
  await open(mirror, [], version);
  return possible;
}

async function read(mirror: Mirror): Promise<Open | undefined> {
  const there = await mirror.get(MOVES);
  if (!there) return undefined;
  try {
    const { moves } = Moves.parse(JSON.parse(Buffer.from(there.value).toString()));
    return { moves, version: there.version };
  } catch (cause) {
    throw new Error(
      `${MOVES} on the mirror is not what a publisher writes; look at the pointers, then remove it.`,
      {
        cause,
      },
    );
  }
}

const create = (mirror: Mirror, moves: readonly Move[]) => mirror.create(MOVES, Buffer.from(textOf(moves)));
const open = (mirror: Mirror, moves: readonly Move[], version: string) =>
  mirror.replace(MOVES, Buffer.from(textOf(moves)), version);

const textOf = (moves: readonly Move[]): string =>
  `${JSON.stringify({ v: 1, moves: moves.map(({ key, from, to }) => ({ key, from, to })) })}\n`;
