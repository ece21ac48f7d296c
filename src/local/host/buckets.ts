import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import {
  BucketAlreadyExists,
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import type { Resolve } from "./resolve.ts";
import { ofType, type Template } from "./template.ts";

/** Makes the buckets with what guards them: versions, the block of public access, and policies. */
export async function makeBuckets(template: Template, { s3, resolve }: { s3: S3Client; resolve: Resolve }) {
  for (const { id, properties } of ofType(template, "AWS::S3::Bucket")) {
    const Bucket = String(resolve({ Ref: id }));
    await s3.send(new CreateBucketCommand({ Bucket })).catch(unlessThere);
    const { VersioningConfiguration, PublicAccessBlockConfiguration } = Guards.parse(properties);
    if (VersioningConfiguration) {
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    }
    if (PublicAccessBlockConfiguration) {
      await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    }
  }
  for (const { properties } of ofType(template, "AWS::S3::BucketPolicy")) {
    const { Bucket, PolicyDocument } = Policy.parse(resolve(properties));
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(PolicyDocument) }));
  }
}

/** Puts the stages' tools (files named by digest) where the projects fetch them from. */
export async function uploadTools(
  dir: string,
  { s3, bucket }: { s3: S3Client; bucket: string },
): Promise<void> {
  for (const file of await readdir(dir)) {
    const Body = await readFile(path.join(dir, file));
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: `tools/${file}`, Body, ContentType: "text/javascript" }),
    );
  }
}

const Guards = z.object({
  VersioningConfiguration: z.object({ Status: z.enum(["Enabled", "Suspended"]) }).optional(),
  PublicAccessBlockConfiguration: z
    .object({
      BlockPublicAcls: z.boolean(),
      BlockPublicPolicy: z.boolean(),
      IgnorePublicAcls: z.boolean(),
      RestrictPublicBuckets: z.boolean(),
    })
    .optional(),
});

const Policy = z.object({ Bucket: z.string(), PolicyDocument: z.record(z.string(), z.unknown()) });

function unlessThere(error: unknown): void {
  if (!(error instanceof BucketAlreadyOwnedByYou || error instanceof BucketAlreadyExists)) throw error;
}
