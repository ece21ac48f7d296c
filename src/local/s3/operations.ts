import * as buckets from "./buckets.ts";
import { copyObject } from "./copy.ts";
import { deleteObjects } from "./delete-objects.ts";
import { noAcls } from "./facts.ts";
import { listObjects } from "./listing.ts";
import { abortUpload, completeUpload, createUpload } from "./multipart.ts";
import { deleteObject, putObject } from "./objects.ts";
import { copyPart, listParts, listUploads, uploadPart } from "./parts.ts";
import { postObject } from "./post-form.ts";
import { getObject } from "./read-object.ts";
import { notImplemented, refusal } from "./refusal.ts";
import { deleteSetting, getSetting, putSetting, SETTINGS } from "./settings.ts";
import type { Credentials } from "./signature.ts";
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from "./tagging.ts";
import { listVersions } from "./version-listing.ts";
import type { Call, Handler } from "./wire.ts";

/** An operation by the SDK's name for it. */
export interface Known {
  readonly name: string;
  readonly run: Handler;
  /** It checks its own signature. */
  readonly formSigned?: boolean;
}

/** Query parameters that do not choose the operation. Any other one does, so that none is ignored. */
const PLAIN = new RegExp(
  `^(${[
    "x-id|x-amz-.*|X-Amz-.*|response-.*|versionId|partNumber|list-type|prefix|delimiter|max-keys|start-after",
    "continuation-token|encoding-type|fetch-owner|key-marker|version-id-marker|part-number-marker|max-parts|max-uploads",
  ].join("|")})$`,
);

const refuseAcl: Handler = () => {
  throw noAcls();
};

const SERVICE: Readonly<Record<string, Known>> = {
  GET: { name: "ListBuckets", run: buckets.listBuckets },
};

const BUCKET: Readonly<Record<string, Known>> = {
  PUT: { name: "CreateBucket", run: buckets.createBucket },
  HEAD: { name: "HeadBucket", run: buckets.headBucket },
  DELETE: { name: "DeleteBucket", run: buckets.deleteBucket },
  GET: { name: "ListObjectsV2", run: listObjects },
  "GET ?versions": { name: "ListObjectVersions", run: listVersions },
  "GET ?uploads": { name: "ListMultipartUploads", run: listUploads },
  "GET ?location": { name: "GetBucketLocation", run: buckets.getBucketLocation },
  "GET ?versioning": { name: "GetBucketVersioning", run: buckets.getBucketVersioning },
  "PUT ?versioning": { name: "PutBucketVersioning", run: buckets.putBucketVersioning },
  "PUT ?acl": { name: "PutBucketAcl", run: refuseAcl },
  "POST ?delete": { name: "DeleteObjects", run: deleteObjects },
  ...Object.fromEntries(
    Object.entries(SETTINGS).flatMap(([sub, setting]) => [
      [`PUT ?${sub}`, { name: `Put${setting.name}`, run: putSetting(sub) }],
      [`GET ?${sub}`, { name: `Get${setting.name}`, run: getSetting(sub, setting) }],
      [`DELETE ?${sub}`, { name: `Delete${setting.name}`, run: deleteSetting(sub) }],
    ]),
  ),
};

const OBJECT: Readonly<Record<string, Known>> = {
  PUT: { name: "PutObject", run: putObject },
  "PUT copy": { name: "CopyObject", run: copyObject },
  GET: { name: "GetObject", run: getObject },
  HEAD: { name: "HeadObject", run: getObject },
  DELETE: { name: "DeleteObject", run: deleteObject },
  "GET ?tagging": { name: "GetObjectTagging", run: getObjectTagging },
  "PUT ?tagging": { name: "PutObjectTagging", run: putObjectTagging },
  "DELETE ?tagging": { name: "DeleteObjectTagging", run: deleteObjectTagging },
  "PUT ?acl": { name: "PutObjectAcl", run: refuseAcl },
  "POST ?uploads": { name: "CreateMultipartUpload", run: createUpload },
  "PUT ?uploadId": { name: "UploadPart", run: uploadPart },
  "PUT copy?uploadId": { name: "UploadPartCopy", run: copyPart },
  "GET ?uploadId": { name: "ListParts", run: listParts },
  "POST ?uploadId": { name: "CompleteMultipartUpload", run: completeUpload },
  "DELETE ?uploadId": { name: "AbortMultipartUpload", run: abortUpload },
};

/** Which operation a request asks for; one that is not known is refused, never taken for another. */
export function operationOf(call: Call, credentials: Credentials): Known {
  const subs = [...new Set(call.query.keys())].filter((name) => !PLAIN.test(name));
  const copy = call.headers["x-amz-copy-source"] === undefined ? "" : "copy";
  const sub = subs.map((name) => `?${name}`).join("");
  const known = tableFor(call)[`${call.method} ${copy}${sub}`.trim()];
  if (known) return known;
  if (call.method === "POST" && call.bucket !== "" && call.key === "" && sub === "") {
    return { name: "PostObject", run: postObject(credentials), formSigned: true };
  }
  if (sub !== "") throw notImplemented(`${call.method} ${sub}`);
  const message = "The specified method is not allowed against this resource.";
  throw refusal(405, "MethodNotAllowed", { message });
}

function tableFor({ bucket, key }: Call): Readonly<Record<string, Known>> {
  if (bucket === "") return SERVICE;
  return key === "" ? BUCKET : OBJECT;
}
