/** A sentence for the log and the exit code that says whose turn it is. */
export interface Failure extends Error {
  readonly exit: 2 | 75;
  /** A merge conflict is the author's to solve, and is told apart. */
  readonly kind: "refused" | "conflict" | "infrastructure";
  /** The server asked to come back after so many seconds. */
  readonly after?: number | undefined;
}

/** The repository's fault: asking again changes nothing. */
export const refused = (sentence: string, cause?: unknown): Failure =>
  Object.assign(new Error(sentence, { cause }), { exit: 2, kind: "refused" } as const);

export const conflict = (sentence: string): Failure =>
  Object.assign(new Error(sentence), { exit: 2, kind: "conflict" } as const);

/** The world's fault: worth another try. */
export const infrastructure = (sentence: string, cause?: unknown, after?: number): Failure =>
  Object.assign(new Error(sentence, { cause }), { exit: 75, kind: "infrastructure", after } as const);

export const isFailure = (error: unknown): error is Failure => error instanceof Error && "exit" in error;

export const isRefusal = (error: unknown): boolean => isFailure(error) && error.exit === 2;

/** Its words and those of what it came from, in one line. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${wordsOf(error.cause)})`;
}
