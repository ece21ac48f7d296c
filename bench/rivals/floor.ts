// What no door in Node can go below: the digest of the body and two plain requests, with Node's own parts alone.
const { createHmac } = process.getBuiltinModule("node:crypto");
const { request } = process.getBuiltinModule("node:http");

interface Event {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export async function handler({ headers, body }: Event): Promise<{ statusCode: number }> {
  const digest = createHmac("sha256", process.env["WEBHOOK_SECRET"] ?? "")
    .update(body)
    .digest("hex");
  if (headers["x-hub-signature-256"] !== `sha256=${digest}`) return { statusCode: 401 };
  await ask("PUT", `${process.env["AWS_ENDPOINT_URL_S3"]}/floor/${headers["x-github-delivery"]}`, body);
  await ask("POST", `${process.env["AWS_ENDPOINT_URL_SQS"]}/`, JSON.stringify({ MessageBody: "" }));
  return { statusCode: 202 };
}

function ask(method: string, url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      { method, headers: { "content-length": Buffer.byteLength(body) } },
      (answer) => {
        answer.resume();
        answer.on("end", resolve);
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}
