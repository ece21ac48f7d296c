import { z } from "zod";
import type { Waiting } from "./dispatch-order.ts";
import { type Run, slug } from "../run.ts";
import { attemptId } from "../stage.ts";

/** Who publishes to a channel: the attempts of publish stages that one build carries out. The first one's name it bears. */
export const Publisher = z.readonly(
  z.strictObject({
    v: z.literal(1),
    attempts: z.readonly(z.array(z.string())),
    /** Nobody begins to publish before then: what is not needed any more is being removed. ISO 8601 in UTC. */
    prunedUntil: z.optional(z.string()),
  }),
);
export type Publisher = z.infer<typeof Publisher>;

/** One per channel, so that what waits meanwhile goes together. */
export const publisherKey = ({
  repo,
  channel = "",
}: {
  readonly repo: Pick<Run["repo"], "id">;
  readonly channel?: string | undefined;
}): string => `${PUBLISHERS}${repo.id}/${slug(channel)}.json`;

export const PUBLISHERS = "publishers/";

export const attemptIdOf = ({ run, stage }: Waiting): string =>
  attemptId({ run: run.id, stage: stage.name, attempt: stage.attempt });

/** What has a number is a snapshot of its own, and what failed once goes alone: it may be to blame. */
const isSociable = ({ run, stage }: Waiting): boolean => run.trigger.kind === "push" && stage.attempt === 1;

/** The publications that go along with this one, of all that wait. */
export function together(first: Waiting, waiting: readonly Waiting[]): readonly [Waiting, ...Waiting[]] {
  if (!isSociable(first)) return [first];
  const key = publisherKey(first.run);
  const others = waiting.filter(
    (one) =>
      one.run.id !== first.run.id &&
      one.stage.pool === first.stage.pool &&
      one.stage.kind === "publish" &&
      one.stage.state === "ready" &&
      publisherKey(one.run) === key &&
      isSociable(one),
  );
  const runs = new Map(others.map((one) => [one.run.id, one]));
  return [first, ...[...runs.values()].slice(0, TOGETHER_MAX - 1)];
}

/** A manifest stays readable, and one bad package holds back no more than these for one more try. */
const TOGETHER_MAX = 50;
