import { bucketOf, saveSettings } from "./bucket.ts";
import { readDocument } from "./payload.ts";
import { checkPolicy } from "./policy.ts";
import { refusal } from "./refusal.ts";
import type { Backend, Call, Handler, Reply } from "./wire.ts";
import { parseXml, xmlReply } from "./xml.ts";

/** A sub-resource of a bucket: what the SDK calls it, and what S3 says while it is not set. */
interface Setting {
  readonly name: string;
  /** The error code of a GET, or the root of the empty document that it answers. */
  readonly unset: { readonly code: string } | { readonly root: string };
}

/** The documents that a bucket keeps and gives back; only `policy` and `publicAccessBlock` have an effect here. */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  accelerate: { name: "BucketAccelerateConfiguration", unset: { root: "AccelerateConfiguration" } },
  cors: { name: "BucketCors", unset: { code: "NoSuchCORSConfiguration" } },
  encryption: {
    name: "BucketEncryption",
    unset: { code: "ServerSideEncryptionConfigurationNotFoundError" },
  },
  lifecycle: { name: "BucketLifecycleConfiguration", unset: { code: "NoSuchLifecycleConfiguration" } },
  logging: { name: "BucketLogging", unset: { root: "BucketLoggingStatus" } },
  notification: { name: "BucketNotificationConfiguration", unset: { root: "NotificationConfiguration" } },
  ownershipControls: {
    name: "BucketOwnershipControls",
    unset: { code: "OwnershipControlsNotFoundError" },
  },
  policy: { name: "BucketPolicy", unset: { code: "NoSuchBucketPolicy" } },
  publicAccessBlock: {
    name: "PublicAccessBlock",
    unset: { code: "NoSuchPublicAccessBlockConfiguration" },
  },
  replication: { name: "BucketReplication", unset: { code: "ReplicationConfigurationNotFoundError" } },
  tagging: { name: "BucketTagging", unset: { code: "NoSuchTagSet" } },
  website: { name: "BucketWebsite", unset: { code: "NoSuchWebsiteConfiguration" } },
};

export const putSetting =
  (sub: string): Handler =>
  async ({ store }: Backend, call: Call): Promise<Reply> => {
    const text = await readDocument(call);
    const bucket = bucketOf(store, call.bucket);
    if (sub === "policy") checkPolicy(text, bucket);
    else parseXml(text);
    saveSettings(store, bucket, { ...bucket.settings, [sub]: text });
    return { status: sub === "policy" ? 204 : 200 };
  };

export const getSetting =
  (sub: string, { unset }: Setting): Handler =>
  ({ store }: Backend, call: Call): Reply => {
    const text = bucketOf(store, call.bucket).settings[sub];
    if (text !== undefined) {
      const type = sub === "policy" ? "application/json" : "application/xml";
      return { status: 200, headers: { "content-type": type }, body: text };
    }
    if ("root" in unset) return xmlReply(unset.root, {});
    throw refusal(404, unset.code);
  };

export const deleteSetting =
  (sub: string): Handler =>
  ({ store }: Backend, call: Call): Reply => {
    const bucket = bucketOf(store, call.bucket);
    const { [sub]: _, ...rest } = bucket.settings;
    saveSettings(store, bucket, rest);
    return { status: 204 };
  };
