import { z } from "zod";

/** The part of a compiled CloudFormation template that the host reads. */
export const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
});
export type Template = z.infer<typeof Template>;

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export const resourcesOf = (template: Template): readonly Resource[] =>
  Object.entries(template.Resources).map(([id, { Type, Properties }]) => ({
    id,
    type: Type,
    properties: Properties,
  }));

export const ofType = (template: Template, type: string): readonly Resource[] =>
  resourcesOf(template).filter((resource) => resource.type === type && !resource.id.startsWith(DEPLOYMENT));

/** Where a deployment to AWS leaves the zipped doors. */
const DEPLOYMENT = "ServerlessDeploymentBucket";

/** Part of the deployment on AWS and nothing to one machine; the host leaves them out by name and says so. */
export const ONLY_ON_AWS: ReadonlySet<string> = new Set([
  "AWS::CloudWatch::Alarm",
  "AWS::EC2::RouteTable",
  "AWS::EC2::SecurityGroup",
  "AWS::EC2::Subnet",
  "AWS::EC2::SubnetRouteTableAssociation",
  "AWS::EC2::VPC",
  "AWS::EC2::VPCEndpoint",
  "AWS::IAM::Policy",
  "AWS::IAM::Role",
  "AWS::Lambda::Permission",
  "AWS::Logs::LogGroup",
  "AWS::Logs::MetricFilter",
  "AWS::Route53Resolver::FirewallDomainList",
  "AWS::Route53Resolver::FirewallRuleGroup",
  "AWS::Route53Resolver::FirewallRuleGroupAssociation",
  "AWS::SNS::Topic",
  "AWS::SQS::QueuePolicy",
]);

export const SERVED: ReadonlySet<string> = new Set([
  "AWS::CodeBuild::Project",
  "AWS::Events::Rule",
  "AWS::KMS::Alias",
  "AWS::KMS::Key",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Function",
  "AWS::Lambda::Url",
  "AWS::S3::Bucket",
  "AWS::S3::BucketPolicy",
  "AWS::SQS::Queue",
]);
