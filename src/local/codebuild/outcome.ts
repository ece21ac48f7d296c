import type { Status } from "./model.ts";

/** How a phase ended; `code` and `message` are CodeBuild's phase context. */
export interface Outcome {
  readonly status: Status;
  readonly code: string;
  readonly message: string;
}

export const FINE: Outcome = { status: "SUCCEEDED", code: "", message: "" };

/** Why a build ends before its time; `CLOSED`: the server does, and will tell of it when it starts again. */
export type Interruption = "STOPPED" | "TIMED_OUT" | "CLOSED";

export const faultOf = (error: unknown): Outcome => ({
  status: "FAULT",
  code: "INTERNAL_ERROR",
  message: String(error),
});

export const interrupted = (signal: AbortSignal): Outcome =>
  signal.reason === "TIMED_OUT"
    ? { status: "TIMED_OUT", code: "BUILD_TIMED_OUT", message: "Build has timed out." }
    : { status: "STOPPED", code: "", message: "" };

export const noImage = (image: string): Outcome => ({
  status: "FAILED",
  code: "BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE",
  message: `Unable to pull customer's container image. There is no root called ${image} here.`,
});

/** The worst of all phases says how the build ended. */
export const verdict = (outcomes: readonly Outcome[]): Status =>
  (["STOPPED", "TIMED_OUT", "FAULT", "FAILED"] as const).find((status) =>
    outcomes.some((outcome) => outcome.status === status),
  ) ?? "SUCCEEDED";
