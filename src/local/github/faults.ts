import { refuse } from "./refusal.ts";

/** What goes wrong with the next calls of an operation. */
export interface Fault {
  /**
   * GitHub's operation id (`checks/create`), `graphql`, one mutation of GraphQL (`graphql/createCheckRun`),
   * `git/upload-pack`, `git/receive-pack`, or `*` for every operation.
   */
  readonly op: string;
  /** How many calls more. */
  times: number;
  /** Absent: only late, not wrong. */
  readonly status?: number | undefined;
  readonly message?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly delayMs?: number | undefined;
}

/** GitHub's secondary rate limit for the next `times` calls: 403 with `retry-after` in seconds. */
export const secondaryLimit = (op: string, times: number, retryAfter: number): Fault => ({
  op,
  times,
  status: 403,
  message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
  headers: { "retry-after": String(retryAfter) },
});

/** Waits, if there is something to wait for. */
export const pause = async (ms: number): Promise<void> => {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
};

/** Uses up one fault of the operation, if there is one: waits, and refuses. */
export const meetFault = async (faults: readonly Fault[], op: string): Promise<void> => {
  const fault = faults.find(
    (candidate) => candidate.times > 0 && (candidate.op === op || candidate.op === "*"),
  );
  if (!fault) return;
  fault.times -= 1;
  await pause(fault.delayMs ?? 0);
  if (fault.status) throw refuse(fault.status, fault.message ?? "Server Error", { headers: fault.headers });
};
