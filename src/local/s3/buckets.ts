import { z } from "zod";
import { Bucket, bucketOf, findBucket, Versioning } from "./bucket.ts";
import { readDocument } from "./payload.ts";
import { notImplemented, refusal } from "./refusal.ts";
import type { Backend, Call, Reply } from "./wire.ts";
import { parseXml, xmlReply } from "./xml.ts";

const REGION = "eu-central-1";

export function createBucket({ store, now }: Backend, { bucket, headers }: Call): Reply {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw refusal(400, "InvalidBucketName");
  if (headers["x-amz-bucket-object-lock-enabled"] === "true") throw notImplemented("object lock");
  if (findBucket(store, bucket)) throw refusal(409, "BucketAlreadyOwnedByYou");
  store.run("insert into bucket values (?, ?, '', '{}')", bucket, now());
  return { status: 200, headers: { location: `/${bucket}` } };
}

export function headBucket({ store }: Backend, { bucket }: Call): Reply {
  bucketOf(store, bucket);
  return { status: 200, headers: { "x-amz-bucket-region": REGION } };
}

export function deleteBucket({ store }: Backend, { bucket }: Call): Reply {
  bucketOf(store, bucket);
  store.atomically(() => {
    const used = store.one(
      "select 1 from object where bucket = ? union all select 1 from upload where bucket = ? limit 1",
      bucket,
      bucket,
    );
    if (used) {
      const message = "The bucket you tried to delete is not empty";
      throw refusal(409, "BucketNotEmpty", { message, details: { BucketName: bucket } });
    }
    store.run("delete from bucket where name = ?", bucket);
  });
  return { status: 204 };
}

export function listBuckets({ store }: Backend): Reply {
  const buckets = store.all("select * from bucket order by name").map((row) => Bucket.parse(row));
  return xmlReply("ListAllMyBucketsResult", {
    Owner: { ID: "local" },
    Buckets: {
      Bucket: buckets.map(({ name, created }) => ({
        Name: name,
        CreationDate: new Date(created).toISOString(),
        BucketRegion: REGION,
      })),
    },
  });
}

export function getBucketLocation({ store }: Backend, { bucket }: Call): Reply {
  bucketOf(store, bucket);
  return xmlReply("LocationConstraint", { "#text": REGION });
}

const VersioningDocument = z.object({
  VersioningConfiguration: z.object({ Status: Versioning.exclude([""]) }),
});

export async function putBucketVersioning({ store }: Backend, call: Call): Promise<Reply> {
  bucketOf(store, call.bucket);
  const document = VersioningDocument.safeParse(parseXml(await readDocument(call)));
  if (!document.success) throw refusal(400, "MalformedXML");
  const status = document.data.VersioningConfiguration.Status;
  store.run("update bucket set versioning = ? where name = ?", status, call.bucket);
  return { status: 200 };
}

export function getBucketVersioning({ store }: Backend, { bucket }: Call): Reply {
  const { versioning } = bucketOf(store, bucket);
  return xmlReply("VersioningConfiguration", versioning === "" ? {} : { Status: versioning });
}
