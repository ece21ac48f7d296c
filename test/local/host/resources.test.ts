import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { BatchGetProjectsCommand } from "@aws-sdk/client-codebuild";
import { SignCommand } from "@aws-sdk/client-kms";
import { GetBucketVersioningCommand, PutBucketPolicyCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deployer } from "../../../src/local/host/aws.ts";
import { type Host, startHost } from "../../../src/local/host/start-host.ts";
import { credentials, type Embedded, startEmbedded } from "./embedded.ts";

const readable = (bucket: string) => ({
  Type: "AWS::S3::BucketPolicy",
  Properties: {
    Bucket: { Ref: bucket },
    PolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: "*",
          Action: "s3:GetObject",
          Resource: { "Fn::Sub": `\${${bucket}.Arn}/*` },
        },
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: { "Fn::Sub": `\${${bucket}.Arn}/*` },
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    },
  },
});

const TEMPLATE = {
  Resources: {
    Mirror: {
      Type: "AWS::S3::Bucket",
      Properties: { BucketName: { "Fn::Sub": "mirror-${AWS::AccountId}" } },
    },
    MirrorPolicy: readable("Mirror"),
    Private: {
      Type: "AWS::S3::Bucket",
      Properties: {
        BucketName: "private",
        VersioningConfiguration: { Status: "Enabled" },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    },
    Key: {
      Type: "AWS::KMS::Key",
      Properties: { KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY", KeyPolicy: {} },
    },
    KeyAlias: {
      Type: "AWS::KMS::Alias",
      Properties: { AliasName: "alias/signing", TargetKeyId: { Ref: "Key" } },
    },
    Role: { Type: "AWS::IAM::Role", Properties: {} },
    Project: {
      Type: "AWS::CodeBuild::Project",
      Properties: {
        Name: "build",
        ServiceRole: { "Fn::GetAtt": ["Role", "Arn"] },
        Source: { Type: "NO_SOURCE", BuildSpec: "version: 0.2\nphases: {build: {commands: ['true']}}\n" },
        Artifacts: { Type: "NO_ARTIFACTS" },
        Visibility: "PRIVATE",
        ConcurrentBuildLimit: 3,
        Environment: {
          Type: "LINUX_CONTAINER",
          ComputeType: "BUILD_GENERAL1_SMALL",
          Image: "standard",
          EnvironmentVariables: [
            {
              Name: "TOOL",
              Type: "PLAINTEXT",
              Value: { "Fn::Sub": "https://${Mirror.RegionalDomainName}/tools/abc.mjs" },
            },
          ],
        },
      },
    },
  },
  Outputs: { ToolsBucket: { Value: { Ref: "Mirror" } } },
};

const ends: (() => Promise<unknown>)[] = [];
let start: () => Promise<Host>;
let host: Host;
let endpoints: Embedded["endpoints"];

beforeAll(async () => {
  const embedded = await startEmbedded();
  ends.push(() => embedded.close());
  const { dir } = embedded;
  endpoints = embedded.endpoints;
  const tools = path.join(dir, "tools");
  await mkdir(tools);
  await writeFile(path.join(tools, "abc.mjs"), "tool");
  start = () =>
    startHost({
      template: TEMPLATE,
      endpoints,
      dir,
      tools,
      doors: String,
      credentials: () => credentials,
      publicPort: 0,
      secrets: {},
      log: () => undefined,
    });
  host = await start();
  ends.push(() => host.close());
});
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

test("a bucket that its policy opens is read by anybody, and no other", async () => {
  const { s3 } = deployer(endpoints, credentials);
  for (const Bucket of ["mirror-000000000000", "private"]) {
    await s3().send(new PutObjectCommand({ Bucket, Key: "a", Body: "hello" }));
  }
  const open = await fetch(`${endpoints.s3}/mirror-000000000000/a`);
  expect([open.status, await open.text()]).toEqual([200, "hello"]);
  expect((await fetch(`${endpoints.s3}/private/a`)).status).toBe(403);
});

test("a bucket that is closed keeps versions and cannot be opened by a policy", async () => {
  const s3 = deployer(endpoints, credentials).s3();
  const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket: "private" }));
  expect(Status).toBe("Enabled");
  const Statement = [
    { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::private/*" },
  ];
  const open = new PutBucketPolicyCommand({ Bucket: "private", Policy: JSON.stringify({ Statement }) });
  await expect(s3.send(open)).rejects.toThrow(/BlockPublicPolicy/);
});

test("a project knows where its tool is, and the tool is there", async () => {
  const { codebuild } = deployer(endpoints, credentials);
  const { projects } = await codebuild().send(new BatchGetProjectsCommand({ names: ["build"] }));
  expect(projects).toMatchObject([
    {
      name: "build",
      serviceRole: "arn:aws:iam::000000000000:role/Role",
      concurrentBuildLimit: 3,
      source: { type: "NO_SOURCE", buildspec: TEMPLATE.Resources.Project.Properties.Source.BuildSpec },
    },
  ]);
  const address = projects?.[0]?.environment?.environmentVariables?.[0]?.value ?? "";
  expect(address).toBe(`${endpoints.s3}/mirror-000000000000/tools/abc.mjs`);
  expect(await (await fetch(address)).text()).toBe("tool");
});

test("everything is found again by a host that is started later, the key too", async () => {
  const before = host.resolve({ "Fn::GetAtt": ["Key", "Arn"] });
  await host.close();
  host = await start();
  expect(host.resolve({ "Fn::GetAtt": ["Key", "Arn"] })).toBe(before);
  const { kms } = deployer(endpoints, credentials);
  const { Signature } = await kms().send(
    new SignCommand({
      KeyId: String(before),
      Message: new Uint8Array(32),
      MessageType: "DIGEST",
      SigningAlgorithm: "RSASSA_PKCS1_V1_5_SHA_256",
    }),
  );
  expect(Signature).toHaveLength(256);
});
