import { arnOf, type Part, ref, type Resolving, type Resource } from "./resources.ts";

/** Seconds a message stays hidden: six times the timeout of the door that takes it, as Lambda asks. */
const QUEUES = [
  { name: "Events", fifo: false, hidden: 360, fedByRules: false },
  { name: "Stages", fifo: true, hidden: 360, fedByRules: false },
  { name: "Builds", fifo: false, hidden: 360, fedByRules: true },
  { name: "Reports", fifo: true, hidden: 360, fedByRules: false },
  { name: "Mails", fifo: true, hidden: 360, fedByRules: false },
] as const;

export const QUEUE_NAMES = QUEUES.map(({ name }) => name);

const FOURTEEN_DAYS = 1_209_600;

/** Every queue with its dead letters and who may send to it. */
export async function queues({ resolveVariable }: Resolving): Promise<Part> {
  const prefix = await resolveVariable("self:custom.prefix");
  return {
    Resources: Object.fromEntries(QUEUES.flatMap((queue) => Object.entries(resources(queue, prefix)))),
  };
}

function resources(queue: (typeof QUEUES)[number], prefix: string): Record<string, Resource> {
  const { name, fifo, hidden, fedByRules } = queue;
  const end = fifo ? ".fifo" : "";
  // A wake-up of the same pool or run must not be dropped for its body: the sender names what is a repetition.
  const kind = fifo ? { FifoQueue: true, ContentBasedDeduplication: false } : {};
  const both = { SqsManagedSseEnabled: true, ...kind };
  return {
    [`${name}Queue`]: {
      Type: "AWS::SQS::Queue",
      Properties: {
        QueueName: `${prefix}${name.toLowerCase()}${end}`,
        VisibilityTimeout: hidden,
        MessageRetentionPeriod: FOURTEEN_DAYS,
        RedrivePolicy: { deadLetterTargetArn: arnOf(`${name}DeadLetters`), maxReceiveCount: 5 },
        ...both,
      },
    },
    [`${name}DeadLetters`]: {
      Type: "AWS::SQS::Queue",
      Properties: {
        QueueName: `${prefix}${name.toLowerCase()}-dead-letters${end}`,
        MessageRetentionPeriod: FOURTEEN_DAYS,
        ...both,
      },
    },
    [`${name}QueuePolicy`]: access(`${name}Queue`, fedByRules),
    [`${name}DeadLettersPolicy`]: access(`${name}DeadLetters`, fedByRules),
  };
}

const RULES = ["BuildStateRule", "BuildPhaseRule"];

function access(id: string, fedByRules: boolean): Resource {
  const rules = {
    Sid: "News",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: arnOf(id),
    Condition: { ArnEquals: { "aws:SourceArn": RULES.map(arnOf) } },
  };
  const tlsOnly = {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "sqs:*",
    Resource: arnOf(id),
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  return {
    Type: "AWS::SQS::QueuePolicy",
    Properties: {
      Queues: [ref(id)],
      PolicyDocument: { Version: "2012-10-17", Statement: fedByRules ? [rules, tlsOnly] : [tlsOnly] },
    },
  };
}
