import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { decodePath, encode, encodePath } from "./address.ts";
import { accessDenied, refusal } from "./refusal.ts";

/** Secrets by access key id. */
export type Credentials = Readonly<Record<string, string>>;

/** A request as it was signed: its path undecoded, its headers as sent. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
}

interface Claim {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ` */
  readonly date: string;
  readonly payload: string;
}

const SKEW = 15 * 60 * 1000;
const WEEK = 7 * 24 * 3600;

/** Verifies SigV4 in headers or in a presigned URL: who signed, or nobody for an anonymous request. */
export function signerOf(request: SignedRequest, credentials: Credentials, now: number): string | undefined {
  const claim = presignedClaim(request, now) ?? headerClaim(request, now);
  if (!claim) return undefined;
  if (!claim.signedHeaders.includes("host")) throw accessDenied("The host header must be signed.");
  const unsigned = Object.keys(request.headers).find(
    (name) => name.startsWith("x-amz-") && !claim.signedHeaders.includes(name),
  );
  if (unsigned !== undefined) {
    throw accessDenied(`There were headers present in the request which were not signed: ${unsigned}`);
  }
  return verifySignature(stringToSign(request, claim), claim, credentials);
}

/** Checks a signature over `text` by the credential's secret; returns the access key id. */
export function verifySignature(
  text: string,
  claim: Pick<Claim, "credential" | "signature" | "date">,
  credentials: Credentials,
): string {
  const { id, day, region } = scopeOf(claim);
  const secret = Object.hasOwn(credentials, id) ? credentials[id] : undefined;
  if (secret === undefined) {
    const message = "The AWS Access Key Id you provided does not exist in our records.";
    throw refusal(403, "InvalidAccessKeyId", { message });
  }
  const key = [day, region, "s3", "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const wanted = hmac(key, text);
  const given = Buffer.from(claim.signature, "hex");
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    const message =
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
    throw refusal(403, "SignatureDoesNotMatch", { message });
  }
  return id;
}

function scopeOf({ credential, date }: Pick<Claim, "credential" | "date">) {
  const [, id, day, region] = /^([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request$/.exec(credential) ?? [];
  if (id && day && region && date.startsWith(day)) return { id, day, region };
  throw refusal(400, "AuthorizationHeaderMalformed");
}

function presignedClaim({ query, headers }: SignedRequest, now: number): Claim | undefined {
  const signature = query.get("X-Amz-Signature");
  if (signature === null) return undefined;
  const get = (name: string): string => query.get(`X-Amz-${name}`) ?? "";
  const date = get("Date");
  const signedAt = timeOf(date);
  const seconds = Number(get("Expires"));
  if (get("Algorithm") !== "AWS4-HMAC-SHA256" || !(seconds >= 1 && seconds <= WEEK)) {
    throw refusal(400, "AuthorizationQueryParametersError");
  }
  if (!(signedAt - now <= SKEW)) throw accessDenied("Request is not valid yet");
  if (now > signedAt + seconds * 1000) throw accessDenied("Request has expired");
  return {
    credential: get("Credential"),
    signedHeaders: get("SignedHeaders").split(";"),
    signature,
    date,
    payload: headers["x-amz-content-sha256"] ?? "UNSIGNED-PAYLOAD",
  };
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

function headerClaim({ headers }: SignedRequest, now: number): Claim | undefined {
  if (headers["authorization"] === undefined) return undefined;
  const [, credential, signedHeaders, signature] = AUTHORIZATION.exec(headers["authorization"]) ?? [];
  if (!credential || !signedHeaders || !signature) throw refusal(400, "AuthorizationHeaderMalformed");
  const date = headers["x-amz-date"] ?? "";
  if (!(Math.abs(now - timeOf(date)) <= SKEW)) {
    const message = "The difference between the request time and the current time is too large.";
    throw refusal(403, "RequestTimeTooSkewed", { message });
  }
  const payload = headers["x-amz-content-sha256"];
  if (payload === undefined) {
    const message = "Missing required header for this request: x-amz-content-sha256";
    throw refusal(400, "InvalidRequest", { message });
  }
  return { credential, signedHeaders: signedHeaders.split(";"), signature, date, payload };
}

function stringToSign(request: SignedRequest, claim: Claim): string {
  const canonical = [
    request.method,
    encodePath(decodePath(request.path)),
    canonicalQuery(request.query),
    ...claim.signedHeaders.map((name) => `${name}:${canonicalValue(request.headers[name])}`),
    "",
    claim.signedHeaders.join(";"),
    claim.payload,
  ].join("\n");
  const scope = claim.credential.split("/").slice(1).join("/");
  const digest = createHash("sha256").update(canonical).digest("hex");
  return ["AWS4-HMAC-SHA256", claim.date, scope, digest].join("\n");
}

const canonicalValue = (value: string | undefined): string => (value ?? "").trim().replaceAll(/ +/g, " ");

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** Milliseconds since 1970, or NaN. */
const timeOf = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
