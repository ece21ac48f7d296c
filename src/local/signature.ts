import { createHash, timingSafeEqual } from "node:crypto";
import { AwsV4Signer } from "aws4fetch";

/** The secret that belongs to an access key id; `undefined` if there is no such key. */
export type Secrets = (accessKeyId: string) => string | undefined;

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
  { secrets, services, now }: { secrets: Secrets; services: readonly string[]; now: number },
): Promise<SignatureVerdict> {
  const [, keyId, day, region, service, signed, signature] =
    AUTHORIZATION.exec(request.headers.get("authorization") ?? "") ?? [];
  if (!keyId || !day || !region || !service || !signed || !signature)
    return refuse("MissingAuthenticationTokenException", "Missing Authentication Token");
  const secret = secrets(keyId);
  if (secret === undefined)
    return refuse("UnrecognizedClientException", "The security token included in the request is invalid.");
  if (!services.includes(service))
    return refuse(
      "InvalidSignatureException",
      `Credential should be scoped to correct service: '${services[0]}'.`,
    );
  const datetime = request.headers.get("x-amz-date") ?? "";
  if (!datetime.startsWith(day) || Math.abs(timeOf(datetime) - now) > SKEW)
    return refuse("InvalidSignatureException", `Signature expired or not yet current: ${datetime}`);
  const expected = await sign(request, {
    keyId,
    secret,
    region,
    service,
    datetime,
    names: signed.split(";"),
  });
  if (!expected || !timingSafeEqual(Buffer.from(expected), Buffer.from(signature)))
    return refuse(
      "InvalidSignatureException",
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
    );
  return { ok: true, accessKeyId: keyId };
}

interface Scope {
  readonly keyId: string;
  readonly secret: string;
  readonly region: string;
  readonly service: string;
  readonly datetime: string;
  readonly names: readonly string[];
}

async function sign(request: SignedRequest, scope: Scope): Promise<string | undefined> {
  const claimed = request.headers.get("x-amz-content-sha256");
  if (claimed !== null && claimed !== createHash("sha256").update(request.body).digest("hex"))
    return undefined;
  if (!["host", "x-amz-date"].every((name) => scope.names.includes(name))) return undefined;
  const headers = scope.names
    .filter((name) => name !== "host")
    .map((name): [string, string] => [name, request.headers.get(name) ?? ""]);
  const signer = new AwsV4Signer({
    method: request.method,
    url: request.url,
    headers,
    body: request.body,
    accessKeyId: scope.keyId,
    secretAccessKey: scope.secret,
    service: scope.service,
    region: scope.region,
    datetime: scope.datetime,
    allHeaders: true,
  });
  return await signer.signature();
}

const refuse = (code: string, message: string): SignatureVerdict => ({ ok: false, code, message });

const timeOf = (datetime: string): number =>
  Date.parse(datetime.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
