import { randomUUID } from "node:crypto";
import { ACCOUNT, type Build, type Phase, REGION } from "./model.ts";

/** An event as EventBridge hands it to a rule's target. */
export interface CodeBuildEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": "CodeBuild Build State Change" | "CodeBuild Build Phase Change";
  readonly source: "aws.codebuild";
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A build began or ended. `now`: epoch seconds. */
export const stateChange = (build: Build, now: number): CodeBuildEvent =>
  envelope(
    { build, now, type: "CodeBuild Build State Change" },
    {
      "build-status": build.buildStatus,
      "project-name": build.projectName,
      "build-id": build.arn,
      "current-phase": build.currentPhase,
      "current-phase-context": contextText(build.phases.at(-1)),
      "additional-information": additional(build),
      version: "1",
    },
  );

/** A phase of a build is over. */
export const phaseChange = (build: Build, phase: Phase, now: number): CodeBuildEvent =>
  envelope(
    { build, now, type: "CodeBuild Build Phase Change" },
    {
      "completed-phase": phase.phaseType,
      "completed-phase-status": phase.phaseStatus,
      "completed-phase-duration-seconds": phase.durationInSeconds,
      "completed-phase-start": localTime(phase.startTime),
      "completed-phase-end": localTime(phase.endTime ?? now),
      "completed-phase-context": contextText(phase),
      "project-name": build.projectName,
      "build-id": build.arn,
      "additional-information": additional(build),
      version: "1",
    },
  );

function envelope(
  { build, now, type }: { build: Build; now: number; type: CodeBuildEvent["detail-type"] },
  detail: CodeBuildEvent["detail"],
): CodeBuildEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": type,
    source: "aws.codebuild",
    account: ACCOUNT,
    time: `${new Date(now * 1000).toISOString().slice(0, 19)}Z`,
    region: REGION,
    resources: [build.arn],
    detail,
  };
}

const additional = (build: Build): Record<string, unknown> => ({
  artifact: { location: build.artifacts.location },
  environment: {
    image: build.environment.image,
    "privileged-mode": build.environment.privilegedMode ?? false,
    "compute-type": build.environment.computeType,
    type: build.environment.type,
    "environment-variables": build.environment.environmentVariables,
  },
  "timeout-in-minutes": build.timeoutInMinutes,
  "queued-timeout-in-minutes": build.queuedTimeoutInMinutes,
  "build-complete": build.buildComplete,
  "build-number": build.buildNumber,
  initiator: build.initiator,
  "build-start-time": localTime(build.startTime),
  source: { type: build.source.type },
  logs: {
    "group-name": build.logs.groupName,
    "stream-name": build.logs.streamName,
    "deep-link": build.logs.deepLink,
  },
  phases: build.phases.map(phaseFacts),
});

const phaseFacts = (phase: Phase): Record<string, unknown> => ({
  "phase-context": phase.contexts?.map(oneContext) ?? [],
  "start-time": localTime(phase.startTime),
  ...(phase.endTime !== undefined && {
    "end-time": localTime(phase.endTime),
    "duration-in-seconds": phase.durationInSeconds,
    "phase-status": phase.phaseStatus,
  }),
  "phase-type": phase.phaseType,
});

const oneContext = ({ statusCode, message }: { statusCode: string; message: string }): string =>
  `${statusCode}: ${message}`;

/** CodeBuild gives the contexts of a phase as text that looks like a list. */
const contextText = (phase: Phase | undefined): string =>
  `[${(phase?.contexts ?? []).map(oneContext).join(", ")}]`;

const LOCAL = new Intl.DateTimeFormat("en-US", {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
  second: "2-digit",
  timeZone: "UTC",
});

/** CodeBuild's times in events, such as `Sep 1, 2017 4:12:29 PM`: without a zone, in UTC. */
const localTime = (seconds: number): string =>
  LOCAL.format(new Date(seconds * 1000))
    .replaceAll("\u202f", " ")
    .replace(/(\d{4}),/, "$1");
