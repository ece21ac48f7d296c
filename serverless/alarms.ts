import { QUEUE_NAMES } from "./queues.ts";
import { KEY_ENDS, TAG_MOVED } from "../src/pipelines/alarming.ts";
import { type Part, ref, type Resource, sub } from "./resources.ts";

/** Who is told: subscribe to this topic. */
const TOPIC = "AlarmsTopic";

interface Watch {
  readonly says: string;
  readonly metric: unknown;
  readonly namespace: string;
  readonly dimension?: { readonly Name: string; readonly Value: unknown };
  readonly above: number;
  readonly statistic: "Maximum" | "Sum";
}

/** What an operator must hear of: dead letters, messages that grow old, and schedules that fail. */
export function alarms(): Part {
  return {
    Resources: {
      [TOPIC]: { Type: "AWS::SNS::Topic", Properties: {} },
      ...Object.fromEntries(QUEUE_NAMES.flatMap(ofQueue)),
      SweepErrorsAlarm: failing("SweepLambdaFunction", {
        says: "The sweep fails: what gets lost now stays lost.",
        above: 2,
      }),
      CalendarErrorsAlarm: failing("TendDashcalendarLambdaFunction", {
        says: "The calendar is not tended: what is due is not done.",
        above: 0,
      }),
      MirrorErrorsAlarm: failing("WatchDashmirrorLambdaFunction", {
        says: "A stranger does not find the mirror as it should be: canary/watched.json says where and why.",
        above: 0,
      }),
      PruneErrorsAlarm: failing("PruneDashmirrorLambdaFunction", {
        says: "Old snapshots are not removed as the rules ask; nothing is lost by that.",
        above: 0,
      }),
      // Somebody's mistake, or somebody's attack.
      ...heard("TagMoved", {
        log: "DecideDasheventLogGroup",
        words: TAG_MOVED,
        says: "A tag that promoted a release was moved: its promotion is stopped; look who moved it.",
      }),
      ...heard("KeyEnds", {
        log: "TendDashcalendarLogGroup",
        words: KEY_ENDS,
        says: "A key that signs ends within 180 days: name the next one in deployment.json.",
      }),
    },
    Outputs: { [TOPIC]: { Value: ref(TOPIC) } },
  };
}

function ofQueue(name: string): readonly [string, Resource][] {
  const watch = (id: string, metric: string) => ({
    metric,
    namespace: "AWS/SQS",
    dimension: { Name: "QueueName", Value: { "Fn::GetAtt": [id, "QueueName"] } },
    statistic: "Maximum" as const,
  });
  return [
    [
      `${name}DeadLettersAlarm`,
      alarm({
        says: `Messages of ${name.toLowerCase()} failed five times; look, mend, redrive.`,
        above: 0,
        ...watch(`${name}DeadLetters`, "ApproximateNumberOfMessagesVisible"),
      }),
    ],
    [
      `${name}AgeAlarm`,
      alarm({
        says: `A message of ${name.toLowerCase()} waits for more than 15 minutes.`,
        above: 900,
        ...watch(`${name}Queue`, "ApproximateAgeOfOldestMessage"),
      }),
    ],
  ];
}

/** What a door writes into its log, and somebody must hear of. */
function heard(
  id: string,
  { log, words, says }: { readonly log: string; readonly words: string; readonly says: string },
): Part["Resources"] {
  const metric = { namespace: "Millwright", metric: sub(`\${AWS::StackName}-${words.replaceAll(" ", "-")}`) };
  return {
    [`${id}Filter`]: {
      Type: "AWS::Logs::MetricFilter",
      Properties: {
        LogGroupName: ref(log),
        FilterPattern: `"${words}"`,
        MetricTransformations: [
          { MetricNamespace: metric.namespace, MetricName: metric.metric, MetricValue: "1" },
        ],
      },
    },
    [`${id}Alarm`]: alarm({ says, above: 0, statistic: "Sum", ...metric }),
  };
}

const failing = (lambda: string, of: Pick<Watch, "says" | "above">): Resource =>
  alarm({
    ...of,
    metric: "Errors",
    namespace: "AWS/Lambda",
    dimension: { Name: "FunctionName", Value: ref(lambda) },
    statistic: "Sum",
  });

function alarm(watch: Watch): Resource {
  return {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      AlarmDescription: watch.says,
      Namespace: watch.namespace,
      MetricName: watch.metric,
      ...(watch.dimension && { Dimensions: [watch.dimension] }),
      Statistic: watch.statistic,
      Period: 300,
      EvaluationPeriods: 1,
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: watch.above,
      TreatMissingData: "notBreaching",
      AlarmActions: [ref(TOPIC)],
    },
  };
}
