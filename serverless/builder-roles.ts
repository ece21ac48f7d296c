import type { Pool } from "./pools.ts";
import { allow, arnOf, type Statement, sub } from "./resources.ts";

/**
 * What a build may do on AWS. Assume that whoever wrote the spec holds this role: it can write its log and nothing else.
 * Files come and go by addresses that the dispatcher signed.
 */
export function builderStatements(pool: Pool, project: string): readonly Statement[] {
  switch (pool.kind) {
    case "source":
      return only([log(project)]);
    case "build":
      return only([log(project), ...image, ...network]);
    case "publish":
      return [log(project), ...(pool.name === "publish" ? publish : publishPull), ...nothingElse];
    default:
      return pool.kind satisfies never;
  }
}

/** Only this project of this account may take the role on. */
export const trustOf = (project: string) => ({
  Condition: {
    StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } },
    ArnEquals: {
      "aws:SourceArn": sub(
        `arn:\${AWS::Partition}:codebuild:\${AWS::Region}:\${AWS::AccountId}:project/${project}`,
      ),
    },
  },
});

/** Says it twice: allowed, and everything else denied, so that no later grant and no public bucket widens it. */
const only = (statements: readonly Statement[]): readonly Statement[] => [
  ...statements,
  { Effect: "Deny", NotAction: statements.flatMap(({ Action }) => Action ?? []), Resource: "*" },
];

const log = (project: string): Statement =>
  allow(
    ["logs:CreateLogStream", "logs:PutLogEvents"],
    sub(
      `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/codebuild/${project}:*`,
    ),
  );

/** CodeBuild pulls the build root in the name of the role. */
const image: readonly Statement[] = [
  allow(["ecr:GetAuthorizationToken"], "*"),
  allow(
    ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    sub("arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/millwright-roots/*"),
  ),
];

/** CodeBuild puts the build into our subnets in the name of the role; the list is the user guide's. */
const network: readonly Statement[] = [
  allow(
    [
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeDhcpOptions",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcs",
    ],
    "*",
  ),
  {
    ...allow(
      ["ec2:CreateNetworkInterfacePermission"],
      sub("arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:network-interface/*"),
    ),
    Condition: {
      StringEquals: { "ec2:AuthorizedService": "codebuild.amazonaws.com" },
      ArnEquals: {
        "ec2:Subnet": ["BuildSubnetA", "BuildSubnetB"].map((subnet) =>
          sub(`arn:\${AWS::Partition}:ec2:\${AWS::Region}:\${AWS::AccountId}:subnet/\${${subnet}}`),
        ),
      },
    },
  },
];

/**
 * Where pull requests' channels are: `<owner>/<repo>/pr/<n>/`. The first two stars make sure that a repository with the
 * name `pr` is not taken for one.
 */
export const PULLS = sub("${MirrorBucket.Arn}/*/*/pr/*");

const WRITE = ["s3:PutObject", "s3:AbortMultipartUpload"];

/** What builds of images left, for S3 to copy it: `results/<run>/build/image:<name>/…`. */
const IMAGES = sub("${StateBucket.Arn}/results/*/build/image:*");

/** The mirror, images where builds left them, and no word about runs. Objects are never deleted here: old snapshots stay. */
const publish: readonly Statement[] = [
  allow(["s3:GetObject", ...WRITE], sub("${MirrorBucket.Arn}/*")),
  allow(["s3:GetObject"], IMAGES),
  { Effect: "Deny", Action: WRITE, Resource: PULLS },
];

/** The mirror below `pr/`, and not where releases are. */
const publishPull: readonly Statement[] = [allow(["s3:GetObject", ...WRITE], PULLS)];

const nothingElse: readonly Statement[] = [
  allow(["s3:ListBucket"], arnOf("MirrorBucket")),
  { Effect: "Deny", Action: ["iam:*", "sts:AssumeRole", "codebuild:*", "lambda:*"], Resource: "*" },
];
