import { randomUUID } from "node:crypto";
import { type Build, buildArn, type Order, type Project, REGION } from "./model.ts";

/** A build that begins now, of a project and what StartBuild overrides in it. `time`: epoch seconds. */
export function newBuild(
  project: Project,
  order: Order,
  { number, time, initiator }: { number: number; time: number; initiator: string },
): Build {
  const uuid = randomUUID();
  const id = `${project.name}:${uuid}`;
  return {
    id,
    arn: buildArn(id),
    buildNumber: number,
    projectName: project.name,
    buildStatus: "IN_PROGRESS",
    buildComplete: false,
    currentPhase: "SUBMITTED",
    startTime: time,
    initiator,
    serviceRole: project.serviceRole,
    source: { type: "NO_SOURCE", buildspec: order.buildspecOverride ?? project.source.buildspec ?? "" },
    artifacts: { location: project.artifacts.location ?? "" },
    environment: environmentOf(project, order),
    ...(project.vpcConfig && { vpcConfig: project.vpcConfig }),
    timeoutInMinutes: order.timeoutInMinutesOverride ?? project.timeoutInMinutes,
    queuedTimeoutInMinutes: project.queuedTimeoutInMinutes,
    logs: logsOf(project.name, uuid),
    phases: [],
    exportedEnvironmentVariables: [],
  };
}

function environmentOf({ environment }: Project, order: Order): Build["environment"] {
  const overrides = order.environmentVariablesOverride ?? [];
  const overridden = new Set(overrides.map(({ name }) => name));
  return {
    ...environment,
    image: order.imageOverride ?? environment.image,
    environmentVariables: [
      ...environment.environmentVariables.filter(({ name }) => !overridden.has(name)),
      ...overrides,
    ],
  };
}

function logsOf(project: string, streamName: string): Build["logs"] {
  const groupName = `/aws/codebuild/${project}`;
  const place = `log-groups/log-group/${encodeURIComponent(groupName)}/log-events/${streamName}`;
  const deepLink = `https://console.aws.amazon.com/cloudwatch/home?region=${REGION}#logsV2:${place}`;
  return { groupName, streamName, deepLink };
}
