import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { AwsClient } from "aws4fetch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEY_ID, refusalOf, type RunningS3, runningS3, SECRET } from "./running.ts";

let running: RunningS3;
let s3: S3Client;
beforeAll(async () => {
  running = await runningS3();
  s3 = running.s3;
});
afterAll(() => running[Symbol.asyncDispose]());

const Bucket = "bucket";

describe("buckets", () => {
  test("are made, listed, found and deleted", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "another" }));
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(["another", "bucket"]);
    await s3.send(new HeadBucketCommand({ Bucket: "another" }));
    await s3.send(new DeleteBucketCommand({ Bucket: "another" }));
    expect(await refusalOf(s3.send(new HeadBucketCommand({ Bucket: "another" })))).toBe("404 NotFound");
  });

  test("are made once, under proper names", async () => {
    const create = (Bucket: string) => refusalOf(s3.send(new CreateBucketCommand({ Bucket })));
    expect(await create("bucket")).toBe("409 BucketAlreadyOwnedByYou");
    expect(await create("Bucket_1")).toBe("400 InvalidBucketName");
  });

  test("are not deleted while something is in them", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "full" }));
    await s3.send(new PutObjectCommand({ Bucket: "full", Key: "key", Body: "x" }));
    const remove = () => refusalOf(s3.send(new DeleteBucketCommand({ Bucket: "full" })));
    expect(await remove()).toBe("409 BucketNotEmpty");
    await s3.send(new DeleteObjectCommand({ Bucket: "full", Key: "key" }));
    expect(await remove()).toBe("not refused");
  });

  test("are in Frankfurt", async () => {
    const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket }));
    expect(LocationConstraint).toBe("eu-central-1");
  });
});

describe("settings of a bucket", () => {
  test("come back as they were put", async () => {
    const Rules = [
      { ID: "old", Status: "Enabled" as const, Filter: { Prefix: "results/" }, Expiration: { Days: 30 } },
    ];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    const lifecycle = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(lifecycle.Rules).toEqual(Rules);

    const CORSRules = [{ AllowedMethods: ["GET"], AllowedOrigins: ["*"] }];
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(CORSRules);

    const encryption = {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const } }],
    };
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: encryption }));
    const stored = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(stored.ServerSideEncryptionConfiguration).toMatchObject(encryption);

    const OwnershipControls = { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" as const }] };
    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
    const owned = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(owned.OwnershipControls).toEqual(OwnershipControls);

    const NotificationConfiguration = { EventBridgeConfiguration: {} };
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    const notified = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(notified.EventBridgeConfiguration).toEqual({});

    const TagSet = [{ Key: "stage", Value: "dev" }];
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);

    const block = { BlockPublicAcls: true, IgnorePublicAcls: true };
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: block }));
    const blocked = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(blocked.PublicAccessBlockConfiguration).toMatchObject(block);
  });

  test("that are not set say so, each in its way", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "bare" }));
    const at = { Bucket: "bare" };
    expect(await refusalOf(s3.send(new GetBucketPolicyCommand(at)))).toBe("404 NoSuchBucketPolicy");
    expect(await refusalOf(s3.send(new GetBucketLifecycleConfigurationCommand(at)))).toBe(
      "404 NoSuchLifecycleConfiguration",
    );
    expect((await s3.send(new GetBucketLoggingCommand(at))).LoggingEnabled).toBeUndefined();
  });

  test("a policy is checked, kept and deleted", async () => {
    const put = (Policy: string) => refusalOf(s3.send(new PutBucketPolicyCommand({ Bucket, Policy })));
    expect(await put("{}")).toBe("400 MalformedPolicy");
    const statement = { Effect: "Allow", Principal: "*", Action: "s3:GetObject" };
    const policy = (Resource: string) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, Resource }] });
    expect(await put(policy("arn:aws:s3:::other/*"))).toBe("400 MalformedPolicy");
    expect(await put(policy("arn:aws:s3:::bucket/*"))).toBe("not refused");
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect(Policy).toBe(policy("arn:aws:s3:::bucket/*"));
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect(await refusalOf(s3.send(new GetBucketPolicyCommand({ Bucket })))).toBe("404 NoSuchBucketPolicy");
  });
});

describe("what this server does not know", () => {
  const aws = new AwsClient({
    accessKeyId: KEY_ID,
    secretAccessKey: SECRET,
    service: "s3",
    region: "eu-central-1",
    retries: 0,
  });

  test.each([
    ["PUT", "bucket?analytics&id=1"],
    ["GET", "bucket?metrics"],
    ["PUT", "bucket?object-lock"],
    ["GET", "bucket?something-new"],
    ["DELETE", "bucket?something-new"],
    ["PUT", "bucket/key?retention"],
    ["DELETE", "bucket/key?something-new"],
    ["GET", "bucket/key?torrent"],
    ["POST", "bucket/key?select&select-type=2"],
    ["GET", "bucket/key?tagging&uploads"],
    ["GET", "bucket"],
  ])("%s %s is refused and has no effect", async (method, path) => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "key", Body: "body" }));
    const body = method === "PUT" || method === "POST" ? "<X/>" : null;
    const answer = await aws.fetch(`${running.server.url}/${path}`, {
      method,
      body,
      aws: { allHeaders: true },
    });
    expect(answer.status).toBe(501);
    expect(await answer.text()).toContain("<Code>NotImplemented</Code>");
    const object = await aws.fetch(`${running.server.url}/bucket/key`);
    expect(await object.text()).toBe("body");
  });

  test("a method that S3 does not have is 405", async () => {
    const answer = await aws.fetch(`${running.server.url}/bucket/key`, { method: "PATCH", body: "x" });
    expect(answer.status).toBe(405);
  });
});
