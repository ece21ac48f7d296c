import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { once } from "node:events";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { putPool } from "../../../src/publish/ostree/put-pool.ts";
import { runningS3 } from "../../local/s3/running.ts";

test("what is put is there, small and large, also under names that need writing otherwise", async () => {
  await using it = await runningS3();
  const bodies = new Map([
    ["objects/ab/cd.filez", Buffer.from("small")],
    ["objects/ab/empty.dirmeta", Buffer.alloc(0)],
    ["deltas/a+/b c-d/0", Buffer.from("a plus and a blank")],
    ["objects/ab/large.filez", randomBytes(3_000_000)],
  ]);
  {
    await using pool = await putPool(it.s3, { bucket: it.bucket, prefix: "acme/os/devel" });
    await Promise.all([...bodies].map(([key, body]) => pool.put(key, body)));
    await Promise.all([...bodies].map(([key, body]) => pool.put(key, body)));
  }
  for (const [key, body] of bodies) {
    const Key = `acme/os/devel/${key}`;
    const there = await it.s3.send(new GetObjectCommand({ Bucket: it.bucket, Key }));
    expect(Buffer.compare(Buffer.from((await there.Body?.transformToByteArray()) ?? []), body)).toBe(0);
    expect(there.CacheControl).toContain("immutable");
  }
});

test("a role's token is part of the request", async () => {
  const heard: string[] = [];
  await using server = await raw((socket, said) => {
    heard.push(said);
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  await using pool = await putPool(clientOf(server.url, "token of the role"), { bucket: "b", prefix: "p" });
  await pool.put("x", Buffer.from("body"));
  expect(heard[0]).toMatch(/^PUT \/b\/p\/x HTTP\/1\.1\r\n/);
  expect(heard[0]).toContain("x-amz-security-token:token of the role\r\n");
  expect(heard[0]).toMatch(/SignedHeaders=[a-z0-9;-]*;x-amz-security-token,/);
});

test("trouble that passes is tried again, and a refusal is told at once", async () => {
  const answers = [
    "HTTP/1.1 503 Slow Down\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
    "",
    "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\n",
  ];
  await using server = await raw((socket) => {
    const answer = answers.shift() ?? "";
    if (answer === "") socket.destroy();
    else socket.write(answer);
  });
  await using pool = await putPool(clientOf(server.url), { bucket: "b", prefix: "p" });
  await pool.put("x", Buffer.from("body"));
  expect(answers).toHaveLength(1);
  await expect(pool.put("y", Buffer.from("body"))).rejects.toThrow("S3 answered 403 to y.");
});

function clientOf(endpoint: string, sessionToken?: string): S3Client {
  const credentials = { accessKeyId: "id", secretAccessKey: "secret", ...(sessionToken && { sessionToken }) };
  return new S3Client({ endpoint, region: "eu-central-1", forcePathStyle: true, credentials });
}

/** A server that hears requests as they are; each fits into one packet. */
async function raw(hear: (socket: Socket, said: string) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (said) => hear(socket, String(said)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
