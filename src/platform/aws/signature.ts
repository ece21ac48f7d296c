// Not `import`: a module's view of these reads each export, also those that load what nobody asked for.
const { createHmac, hash } = process.getBuiltinModule("node:crypto");

/** Who asks: the role's credentials as Lambda's environment has them. */
export interface Caller {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly region: string;
}

export interface Request {
  readonly service: "s3" | "sqs";
  readonly method: "PUT" | "POST";
  /** Without a query; its path is what S3 and we write in the same way: letters, digits, `/`, `-`, `_`, `.`. */
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The headers of a request with its Signature Version 4 (AWS, "Create a signed AWS API request"). `at`: ISO 8601.
 * No library: aws4fetch's signer needs `Headers` and WebCrypto, which take Node longer to load than all of the door.
 */
export function signed(request: Request, caller: Caller, at: string): Record<string, string> {
  const { service, method, url, body } = request;
  const time = at.replaceAll(/[:-]|\.\d{3}/g, "");
  const digest = sha256(body);
  const headers: Record<string, string> = {
    ...request.headers,
    host: url.host,
    "x-amz-content-sha256": digest,
    "x-amz-date": time,
    ...(caller.sessionToken && { "x-amz-security-token": caller.sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const canonical = [method, url.pathname, "", lines, names.join(";"), digest].join("\n");
  const parts = [time.slice(0, 8), caller.region, service, "aws4_request"];
  const scope = parts.join("/");
  const key = parts.reduce<string | Buffer>(hmac, `AWS4${caller.secretAccessKey}`);
  const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n")).toString(
    "hex",
  );
  const claim = `Credential=${caller.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}`;
  return { ...headers, authorization: `AWS4-HMAC-SHA256 ${claim}, Signature=${signature}` };
}

const sha256 = (text: string): string => hash("sha256", text);
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
