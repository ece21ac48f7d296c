import { z } from "zod";
import { Annotation } from "./log/annotation.ts";
import { Booted } from "./boot/booted.ts";
import { Differs } from "./contents.ts";
import { PackageChanges } from "./package-changes.ts";
import { KINDS } from "./log/patterns-signs.ts";

/** A step executed as one CodeBuild build. `source` serves all jobs of a recipe, `publish` the run; `check` tries what was built. */
export const StageKind = z.enum(["source", "build", "check", "publish"]);
export type StageKind = z.infer<typeof StageKind>;

export const StageState = z.enum([
  "waiting",
  "ready",
  "starting",
  "running",
  "passed",
  "failed",
  "timed-out",
  "errored",
  "cancelled",
  "skipped",
]);
export type StageState = z.infer<typeof StageState>;

/** News comes twice, late and out of order, so within an attempt a stage only ever moves down this list. */
export const RANK: Readonly<Record<StageState, number>> = {
  waiting: 0,
  ready: 1,
  starting: 2,
  running: 3,
  passed: 4,
  failed: 4,
  "timed-out": 4,
  errored: 4,
  cancelled: 4,
  skipped: 4,
};

/** A file that a stage left under its attempt's prefix; `size` in bytes, `sha256` in hex. */
export const File = z.readonly(z.strictObject({ name: z.string(), size: z.int(), sha256: z.string() }));
export type File = z.infer<typeof File>;

/** A file that a recipe is built from, with where it was fetched from if it was; `sha256` in hex. */
export const Source = z.readonly(
  z.strictObject({ file: z.string(), url: z.optional(z.string()), sha256: z.string() }),
);
export type Source = z.infer<typeof Source>;

/** Must the other stage have passed, or only be over? */
const Need = z.readonly(z.strictObject({ stage: z.string(), be: z.enum(["passed", "over"]) }));
type Need = z.infer<typeof Need>;

const Trouble = z.readonly(
  z.strictObject({
    kind: z.optional(z.enum(KINDS)),
    scriptlet: z.optional(z.string()),
    guessed: z.boolean(),
  }),
);
export type Trouble = z.infer<typeof Trouble>;

export const Stage = z.readonly(
  z.strictObject({
    name: z.string(),
    kind: StageKind,
    /** The pool of builders it waits for: one CodeBuild project, named without the deployment's prefix. */
    pool: z.string(),
    needs: z.readonly(z.array(Need)),
    state: StageState,
    attempt: z.int(),
    /** Of a source stage that runs the services of an update: the commit before it. */
    before: z.optional(z.string()),
    readyAt: z.optional(z.string()),
    startedAt: z.optional(z.string()),
    endedAt: z.optional(z.string()),
    /** CodeBuild's id of this attempt's build. */
    build: z.optional(z.string()),
    /** The phase CodeBuild is in, in its own words (`PRE_BUILD`). */
    phase: z.optional(z.string()),
    files: z.optional(z.readonly(z.array(File))),
    /** The build root as CodeBuild was told it: a container image, with its digest where the deployment names one. */
    image: z.optional(z.string()),
    /** What a source stage packed beside the spec. */
    sources: z.optional(z.readonly(z.array(Source))),
    /** Small facts that the stage told of its result, such as `snapshot`. */
    facts: z.optional(z.record(z.string(), z.string())),
    /** How what it built differs from what was tested, in a promotion; absent: in nothing. */
    differs: z.optional(Differs),
    /** How the packages of the image or tree that it built differ from those of the one before. */
    packages: z.optional(PackageChanges),
    /** How the image that it is a check of came up. */
    boot: z.optional(Booted),
    /** Where the files are: this attempt's prefix, or that of the equal attempt they were taken from. */
    prefix: z.optional(z.string()),
    /** Remarks at lines of the repository's files that the log of a failed build names. */
    remarks: z.optional(z.readonly(z.array(Annotation))),
    /** What its log tells of: the kind of trouble, and the scriptlet it came up in; `guessed`: nothing was found. */
    trouble: z.optional(Trouble),
    /** Why it did not pass, as lines of the log or a sentence. */
    because: z.optional(z.string()),
  }),
);
export type Stage = z.infer<typeof Stage>;

/** A try of a stage, named so that CodeBuild can carry it along and hand it back. */
export interface AttemptRef {
  readonly run: string;
  readonly stage: string;
  readonly attempt: number;
}

export const attemptId = ({ run, stage, attempt }: AttemptRef): string => `${run}#${stage}#${attempt}`;

export function attemptOf(id: string): AttemptRef | undefined {
  const [run, stage, attempt, rest] = id.split("#");
  if (!run || !stage || !attempt || rest !== undefined) return undefined;
  return { run, stage, attempt: Number(attempt) };
}

/** Where an attempt leaves its files. Nothing else may be written there. */
export const resultsPrefix = ({ run, stage, attempt }: AttemptRef): string =>
  `results/${run}/${stage}/${attempt}/`;

export const isOver = (stage: Stage): boolean => RANK[stage.state] === RANK.passed;
