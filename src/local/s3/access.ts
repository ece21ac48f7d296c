import { bucketOf } from "./bucket.ts";
import { allowsAnybody, arnOf, type Request } from "./policy.ts";
import { accessDenied, isRefusal, refusal } from "./refusal.ts";
import type { Backend, Call, Handler } from "./wire.ts";

/** Runs an operation for somebody without credentials: what the bucket's policy allows to anybody. */
export function runAnonymously(
  backend: Backend,
  call: Call,
  operation: { readonly name: string; readonly run: Handler },
): ReturnType<Handler> {
  const allows = (request: Request): boolean => allowsAnybody(bucketOf(backend.store, call.bucket), request);
  const action = ACTIONS[operation.name];
  if (action === undefined || call.query.has("versionId")) throw accessDenied();
  const list = { action: "s3:ListBucket", resource: arnOf(call.bucket) } as const;
  const wanted = action === "s3:GetObject" ? { action, resource: arnOf(call.bucket, call.key) } : list;
  if (!allows(wanted)) throw accessDenied();
  if ([...call.query.keys()].some((name) => name.startsWith("response-"))) {
    const message = "Request specific response headers cannot be used for anonymous GET requests.";
    throw refusal(400, "InvalidRequest", { message });
  }
  try {
    return operation.run(backend, call);
  } catch (error) {
    // Who may not list must not learn which keys there are.
    const hidden = isRefusal(error) && error.code === "NoSuchKey" && !allows(list);
    throw hidden ? accessDenied() : error;
  }
}

const ACTIONS: Readonly<Record<string, Request["action"]>> = {
  GetObject: "s3:GetObject",
  HeadObject: "s3:GetObject",
  ListObjectsV2: "s3:ListBucket",
};
