import { createHash, timingSafeEqual } from "node:crypto";
import { AwsV4Signer } from "aws4fetch";
import type { Credentials } from "./s3/signature.ts";

export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

export type SignatureVerdict =
  | { readonly ok: true; readonly accessKeyId: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
const SKEW = 15 * 60 * 1000;

/** Checks the Signature Version 4 in the `Authorization` header of a request with a small body. `now`: ms. */
export async function verifySignature(
  request: SignedRequest,
  { credentials, service, now }: { credentials: Credentials; service: string; now: number },
): Promise<SignatureVerdict> {
  const claim = claimOf(request.headers);
  if (!claim) return refuse("MissingAuthenticationTokenException", "Missing Authentication Token");
  const secret = Object.hasOwn(credentials, claim.keyId) ? credentials[claim.keyId] : undefined;
  if (secret === undefined)
    return refuse("UnrecognizedClientException", "The security token included in the request is invalid.");
  if (claim.service !== service)
    return wrong(`Credential should be scoped to correct service: '${service}'.`);
  if (!claim.datetime.startsWith(claim.day) || Math.abs(timeOf(claim.datetime) - now) > SKEW)
    return wrong(`Signature expired or not yet current: ${claim.datetime}`);
  const expected = await sign(request, claim, secret);
  if (!expected || !timingSafeEqual(Buffer.from(expected), Buffer.from(claim.signature)))
    return wrong(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
    );
  return { ok: true, accessKeyId: claim.keyId };
}

interface Claim {
  readonly keyId: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signed: readonly string[];
  readonly signature: string;
  readonly datetime: string;
}

function claimOf(headers: Headers): Claim | undefined {
  const parts = AUTHORIZATION.exec(headers.get("authorization") ?? "");
  if (!parts) return undefined;
  const [, keyId = "", day = "", region = "", service = "", signed = "", signature = ""] = parts;
  return {
    keyId,
    day,
    region,
    service,
    signed: signed.split(";"),
    signature,
    datetime: headers.get("x-amz-date") ?? "",
  };
}

async function sign(request: SignedRequest, claim: Claim, secret: string): Promise<string | undefined> {
  const claimed = request.headers.get("x-amz-content-sha256");
  if (claimed !== null && claimed !== createHash("sha256").update(request.body).digest("hex"))
    return undefined;
  if (!["host", "x-amz-date"].every((name) => claim.signed.includes(name))) return undefined;
  const headers = claim.signed
    .filter((name) => name !== "host")
    .map((name): [string, string] => [name, request.headers.get(name) ?? ""]);
  const { method, url, body } = request;
  const { keyId: accessKeyId, service, region, datetime } = claim;
  const scope = { accessKeyId, secretAccessKey: secret, service, region, datetime };
  return await new AwsV4Signer({ method, url, body, headers, ...scope, allHeaders: true }).signature();
}

const refuse = (code: string, message: string): SignatureVerdict => ({ ok: false, code, message });
const wrong = (message: string): SignatureVerdict => refuse("InvalidSignatureException", message);

const timeOf = (datetime: string): number =>
  Date.parse(datetime.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
