/** S3 and SQS as thin as they can be, in a process of their own: what they cost is not in the callers' times. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

const objects = new Set<string>();
let sent = 0;

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

/** PUT with `If-None-Match: *`. */
function create(key: string, response: ServerResponse): void {
  response.writeHead(objects.has(key) ? 412 : 200, { etag: '"e"' }).end();
  objects.add(key);
}

/** SendMessage: the SDK compares the digest. */
function take(text: string, response: ServerResponse): void {
  const { MessageBody } = JSON.parse(text) as { MessageBody: string };
  sent += 1;
  const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
  response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
  response.end(JSON.stringify({ MessageId: "m", MD5OfMessageBody }));
}

const server = createServer((request, response) => {
  void textOf(request).then((text) =>
    request.method === "PUT" ? create(request.url ?? "", response) : take(text, response),
  );
});

server.listen(0, "127.0.0.1", () => process.send?.(server.address()));
process.on("message", () => process.send?.({ stored: objects.size, sent }));
process.on("disconnect", () => process.exit());
