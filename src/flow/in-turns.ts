/** So many at a time. */
const WIDTH = 16;

/** Does the work for all of them, some at a time; what comes of it stands in their order. */
export async function inTurns<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  const left = all.entries();
  const worker = async (): Promise<void> => {
    for (const [place, one] of left) done[place] = await work(one);
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  return done;
}
