import { forecast, type Patience } from "./order/forecast.ts";
import type { Work } from "./plan.ts";

/** Work that would take longer than this deployment allows, in seconds. */
export interface TooLong {
  readonly work: Work;
  readonly seconds: number;
  readonly limit: number;
}

interface Planned {
  readonly work: readonly Work[];
  readonly tooLong: readonly TooLong[];
  /** Images whose tree is not built. */
  readonly treeless: readonly Work[];
}

/** Says of each advisory job when it may begin and by when it is over; what takes too long is left out. */
export function planAdvisory(all: readonly Work[], patience: Patience | undefined, now: string): Planned {
  const work: Work[] = [];
  const tooLong: TooLong[] = [];
  for (const one of all.filter(({ from }) => from === undefined)) {
    const planned = forecast(one, patience, now);
    if (planned.kind === "refused")
      tooLong.push({ work: one, seconds: planned.seconds, limit: planned.limit });
    else {
      const { kind: _kind, ...times } = planned;
      work.push({ ...one, ...times });
    }
  }
  const derived = all.filter(({ from }) => from !== undefined);
  const following = derived.map((one) => ({ one, tree: work.find((other) => isTreeOf(other, one)) }));
  return {
    work: [...work, ...following.flatMap(({ one, tree }) => (tree ? [{ ...one, ...timesOf(tree) }] : []))],
    tooLong,
    treeless: following.filter(({ tree }) => !tree).map(({ one }) => one),
  };
}

const isTreeOf = ({ recipe, target, arch }: Work, derived: Work): boolean =>
  recipe.kind === "tree" &&
  recipe.name === derived.from &&
  target === derived.target &&
  arch === derived.arch;

/** What is made of a tree begins when that is composed, and is over when it is. */
const timesOf = ({ notBefore, endsBy }: Work): Pick<Work, "notBefore" | "endsBy"> => ({
  ...(notBefore !== undefined && { notBefore }),
  ...(endsBy !== undefined && { endsBy }),
});
