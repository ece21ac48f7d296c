import { BUILDS_OF, projectArn } from "./door-powers.ts";
import { POOLS } from "./pools.ts";
import { allow, type Statement } from "./resources.ts";

/**
 * Whoever starts a build chooses a project, two variables and, for a build stage, the image of its root; everything else
 * stays as deployed. The keys and their `Null` test: CodeBuild user guide, "AWS CodeBuild condition keys".
 */
export function startBuilds(prefix: string): readonly Statement[] {
  const projects = BUILDS_OF(prefix);
  const imageless = POOLS.filter(({ kind }) => kind !== "build").map(({ name }) => projectArn(prefix + name));
  return [
    allow(["codebuild:StartBuild"], projects),
    ...FIXED.map((key) => denyIfGiven(key, "*")),
    ...["codebuild:environment.image", "codebuild:environment.imagePullCredentialsType"].map((key) =>
      denyIfGiven(key, imageless),
    ),
    {
      Effect: "Deny",
      Action: ["codebuild:StartBuild"],
      Resource: "*",
      Condition: {
        "ForAnyValue:StringNotEquals": { "codebuild:environment.environmentVariables.name": VARIABLES },
      },
    },
    {
      Effect: "Deny",
      Action: ["codebuild:RetryBuild", "codebuild:StartBuildBatch", "codebuild:StartSandbox", "iam:PassRole"],
      Resource: "*",
    },
  ];
}

const VARIABLES = ["MILLWRIGHT_JOB", "MILLWRIGHT_MANIFEST"];

const FIXED = [
  "codebuild:artifacts",
  "codebuild:cache",
  "codebuild:encryptionKey",
  "codebuild:environment.certificate",
  "codebuild:environment.computeType",
  "codebuild:environment.fleet.fleetArn",
  "codebuild:environment.privilegedMode",
  "codebuild:environment.registryCredential",
  "codebuild:environment.type",
  "codebuild:logsConfig",
  "codebuild:secondaryArtifacts",
  "codebuild:secondarySources",
  "codebuild:serviceRole",
  "codebuild:source.auth.resource",
  "codebuild:source.buildspec",
  "codebuild:source.location",
];

/** One statement per key: keys within one statement would all have to be there. */
const denyIfGiven = (key: string, Resource: unknown): Statement => ({
  Effect: "Deny",
  Action: ["codebuild:StartBuild"],
  Resource,
  Condition: { Null: { [key]: "false" } },
});
