/** Does this work for all of them: one that fails does not hold back the others. `what` they are is told if any fails. */
export async function forEach<T>(
  all: readonly T[],
  what: string,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const one of all) await work(one).catch((error: unknown) => failures.push(error));
  if (failures.length > 0)
    throw new AggregateError(failures, `${what} failed: ${failures.map(String).join("; ")}`);
}
