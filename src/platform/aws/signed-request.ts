import { request as http } from "node:http";
import { request as https } from "node:https";
import { AwsV4Signer } from "aws4fetch";

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
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * One signed request to AWS without the SDK: the webhook door makes two of them, and its cold start is
 * what GitHub waits for. node:http and not fetch, which costs more to start than the rest of the door.
 */
export function signedRequest({ accessKeyId, secretAccessKey, sessionToken, region }: Caller) {
  return async ({ service, method, url, headers, body }: Request): Promise<number> => {
    const signer = new AwsV4Signer({
      accessKeyId,
      secretAccessKey,
      ...(sessionToken && { sessionToken }),
      region,
      service,
      method,
      url,
      headers,
      body,
    });
    const signed = await signer.sign();
    const sent = { ...Object.fromEntries(signed.headers), "content-length": String(Buffer.byteLength(body)) };
    return send(signed.url, { method, headers: sent, timeout: 5000 }, body);
  };
}

function send(
  url: URL,
  options: { method: string; headers: Record<string, string>; timeout: number },
  body: string,
) {
  return new Promise<number>((resolve, reject) => {
    const call = (url.protocol === "https:" ? https : http)(url, options, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
      answer.on("error", reject);
    });
    call.on("error", reject);
    call.on("timeout", () => call.destroy(new Error(`no answer from ${url.host}`)));
    call.end(body);
  });
}
