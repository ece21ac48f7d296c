import type { Queue } from "../../src/ports.ts";
import type { Chance } from "./chance.ts";
import type { Fate } from "./fate.ts";

interface Letter<M> {
  readonly message: M;
  readonly group: string | undefined;
}

export interface Post<M> extends Queue<M> {
  /** Puts a message in without a touch of its own. */
  drop(message: M): void;
  /** Hands a message to the step; what fails comes back, and now and then one comes twice. */
  deliver(step: (message: M) => Promise<void>): boolean;
  readonly letters: readonly Letter<M>[];
}

const FORGETS = 5 * 60_000;

/** A queue as SQS has them: any order between groups, one at a time within, repetitions dropped for five minutes. */
export function post<M>(fate: Fate, luck: Chance): Post<M> {
  const letters: Letter<M>[] = [];
  const busy = new Set<string>();
  const heard = new Map<string, number>();
  const isNew = (once: string): boolean => {
    const now = Date.parse(fate.now());
    const before = heard.get(once);
    if (before !== undefined && now - before < FORGETS) return false;
    heard.set(once, now);
    return true;
  };
  return {
    letters,
    drop: (message) => void letters.push({ message, group: undefined }),
    send: (message, fifo) =>
      fate.touch(() => {
        if (!fifo || isNew(fifo.once)) letters.push({ message, group: fifo?.group });
      }),
    deliver(step) {
      const ready = letters.filter(
        ({ group }, i) => group === undefined || (!busy.has(group) && first(letters, group) === i),
      );
      const letter = luck.pick(ready);
      if (!letter) return false;
      const { group, message } = letter;
      letters.splice(letters.indexOf(letter), 1);
      if (group === undefined && luck.happens(0.1)) letters.push(letter);
      if (group !== undefined) busy.add(group);
      void step(message)
        .catch(() => void letters.unshift(letter))
        .finally(() => group !== undefined && busy.delete(group));
      return true;
    },
  };
}

const first = (letters: readonly Letter<unknown>[], group: string): number =>
  letters.findIndex((letter) => letter.group === group);
