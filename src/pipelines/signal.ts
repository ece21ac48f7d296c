import type { Annotation } from "./log/annotation.ts";
import type { Booted } from "./boot/booted.ts";
import type { PackageChanges } from "./package-changes.ts";
import type { Differs } from "./contents.ts";
import type { Job } from "./run.ts";
import type { File, Source, Stage, Trouble } from "./stage.ts";

interface OfAttempt {
  readonly stage: string;
  readonly attempt: number;
  /** When it happened, ISO 8601 in UTC: time is data. */
  readonly at: string;
}

/** How a stage can end without passing. `errored`: the infrastructure's fault, so it is tried again. */
export type Failure = "failed" | "timed-out" | "errored";

/** News about a run, from wherever we hear of it: CodeBuild, GitHub, a person or the sweep. */
export type Signal =
  /** We are about to ask for a build; written down first, so that a doubt is seen. */
  | ({ readonly kind: "dispatched"; readonly image?: string } & OfAttempt)
  | ({ readonly kind: "started"; readonly build: string } & OfAttempt)
  | ({ readonly kind: "entered"; readonly phase: string } & OfAttempt)
  | ({
      readonly kind: "passed";
      readonly prefix: string;
      readonly files: readonly File[];
      readonly facts?: Readonly<Record<string, string>>;
      readonly sources?: readonly Source[];
      /** How it differs from what was tested, in a promotion. */
      readonly differs?: Differs;
      readonly packages?: PackageChanges;
      /** The build root of an equal build that it was taken from. */
      readonly image?: string;
      readonly boot?: Booted;
    } & OfAttempt)
  | ({
      readonly kind: "ended";
      readonly as: Failure;
      readonly because: string;
      readonly trouble?: Trouble;
      readonly remarks?: readonly Annotation[];
      readonly boot?: Booted;
    } & OfAttempt)
  /** The build of a stage that we gave up has stopped. */
  | ({ readonly kind: "stopped"; readonly because: string } & OfAttempt)
  /** Given up: the whole run, or only these stages. `by`: the commit that takes its place, `closed` or `left`. */
  | {
      readonly kind: "cancelled";
      readonly at: string;
      readonly because: string;
      readonly by?: string;
      readonly stages?: readonly string[];
    }
  /** Somebody asked for more; what is there already is not added again. */
  | {
      readonly kind: "extended";
      readonly at: string;
      readonly jobs: readonly Job[];
      readonly stages: readonly Stage[];
    }
  /** They have not begun, and can no more be over by the time that was promised. */
  | {
      readonly kind: "expired";
      readonly at: string;
      readonly because: string;
      readonly stages: readonly string[];
    }
  | { readonly kind: "retried"; readonly at: string; readonly stage: string; readonly attempt: number }
  /** What a stage that passed brought about is there no more: it is to be done again. */
  | { readonly kind: "undone"; readonly at: string; readonly stage: string; readonly attempt: number }
  /** A committer lets pass how builds that were over by then differ from what was tested. */
  | { readonly kind: "accepted"; readonly at: string; readonly by: string }
  /** The pull request is to be merged into another branch, which is at `base`. */
  | { readonly kind: "retargeted"; readonly at: string; readonly base: string; readonly branch: string }
  /** GitHub shows the record as it was at `rev`. */
  | { readonly kind: "reported"; readonly rev: number };
