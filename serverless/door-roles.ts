import { BUILDS_OF, CONTROL, consume, lists, logOf, logsOfBuilds, objects, sends } from "./door-powers.ts";
import { startBuilds } from "./start-builds.ts";
import { allow, logicalId, type Part, type Resolving, role, type Statement, sub } from "./resources.ts";

/** What each door may do, written out. A door that is not here has no role and cannot be deployed. */
const POWERS: Readonly<Record<string, (prefix: string) => readonly Statement[]>> = {
  "receive-webhook": () => [allow(["s3:PutObject"], objects("deliveries/*")), sends("Events")],

  "decide-event": () => [
    consume("Events"),
    allow(["s3:GetObject", "s3:PutObject"], objects("deliveries/*", ...CONTROL)),
    allow(["s3:DeleteObject"], objects("open/*", "waiting/*")),
    lists,
    sends("Stages", "Reports"),
  ],

  // Lends bundles and admits results: what it signs is bounded by what it may do itself.
  "dispatch-stage": (prefix) => [
    consume("Stages"),
    allow(["s3:GetObject", "s3:PutObject"], objects("results/*", ...CONTROL)),
    allow(["s3:DeleteObject"], objects("open/*", "waiting/*")),
    lists,
    ...startBuilds(prefix),
    allow(
      ["codebuild:BatchGetBuilds", "codebuild:ListBuildsForProject", "codebuild:StopBuild"],
      BUILDS_OF(prefix),
    ),
    sends("Stages", "Reports"),
  ],

  "track-build": (prefix) => [
    consume("Builds"),
    allow(["s3:GetObject"], objects("results/*")),
    allow(["s3:GetObject", "s3:PutObject"], objects(...CONTROL)),
    allow(["s3:DeleteObject"], objects("open/*", "waiting/*")),
    lists,
    allow(["codebuild:BatchGetBuilds"], BUILDS_OF(prefix)),
    logsOfBuilds(prefix),
    sends("Stages", "Reports"),
  ],

  "report-run": (prefix) => [
    consume("Reports"),
    allow(["s3:GetObject"], objects("results/*")),
    allow(["s3:GetObject", "s3:PutObject"], objects(...CONTROL)),
    allow(["s3:DeleteObject"], objects("open/*", "waiting/*")),
    lists,
    allow(["codebuild:BatchGetBuilds"], BUILDS_OF(prefix)),
    logsOfBuilds(prefix),
    allow(["s3:PutObject"], sub("${LogsBucket.Arn}/logs/*")),
    sends("Stages", "Reports"),
  ],

  sweep: (prefix) => [
    allow(["s3:GetObject"], objects("deliveries/*", "results/*")),
    allow(["s3:GetObject", "s3:PutObject"], objects(...CONTROL)),
    allow(["s3:DeleteObject"], objects("open/*", "waiting/*")),
    lists,
    allow(["codebuild:BatchGetBuilds", "codebuild:ListBuildsForProject"], BUILDS_OF(prefix)),
    logsOfBuilds(prefix),
    sends("Events", "Stages", "Reports"),
  ],
};

export async function doorRoles({ resolveVariable }: Resolving): Promise<Part> {
  const prefix = await resolveVariable("self:custom.prefix");
  return {
    Resources: Object.fromEntries(
      Object.entries(POWERS).map(([door, powers]) => [
        `${logicalId(door)}Role`,
        role("lambda.amazonaws.com", [logOf(prefix + door), ...powers(prefix)]),
      ]),
    ),
  };
}
