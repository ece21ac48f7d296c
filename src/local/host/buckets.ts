import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import {
  BucketAlreadyExists,
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import type { Resolve } from "./resolve.ts";
import { ofType, type Template } from "./template.ts";

/** Makes the buckets with what guards them: versions and policies. */
export async function makeBuckets(template: Template, { s3, resolve }: { s3: S3Client; resolve: Resolve }) {
  for (const { id, properties } of ofType(template, "AWS::S3::Bucket")) {
    const Bucket = String(resolve({ Ref: id }));
    await s3.send(new CreateBucketCommand({ Bucket })).catch(unlessThere);
    const versions = Versioned.safeParse(properties).data;
    if (versions) await s3.send(new PutBucketVersioningCommand({ Bucket, ...versions }));
  }
  for (const { properties } of ofType(template, "AWS::S3::BucketPolicy")) {
    const { Bucket, PolicyDocument } = Guarded.parse(resolve(properties));
    const Statement = PolicyDocument.Statement.filter((statement) => !isAboutTls(statement));
    if (Statement.length === 0) continue;
    const Policy = JSON.stringify({ ...PolicyDocument, Statement });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
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

const Versioned = z.object({
  VersioningConfiguration: z.object({ Status: z.enum(["Enabled", "Suspended"]) }),
});

const Guarded = z.object({
  Bucket: z.string(),
  PolicyDocument: z.looseObject({ Statement: z.array(z.record(z.string(), z.unknown())) }),
});

/** There is no TLS on loopback: a statement that asks for it would lock everybody out. */
const isAboutTls = (statement: Record<string, unknown>): boolean =>
  JSON.stringify(statement["Condition"] ?? "").includes("aws:SecureTransport");

function unlessThere(error: unknown): void {
  if (!(error instanceof BucketAlreadyOwnedByYou || error instanceof BucketAlreadyExists)) throw error;
}
