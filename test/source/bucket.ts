import { createServer } from "node:http";
import { listen } from "./git-server.ts";

/** Takes presigned forms as S3 does: `key` with `${filename}`, the file last. */
export async function serveBucket() {
  const files = new Map<string, Buffer>();
  const order: string[] = [];
  const failures: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const failure = failures.shift();
    if (failure) return response.writeHead(failure).end("<Error><Code>SlowDown</Code></Error>");
    const headers = { "content-type": request.headers["content-type"] ?? "" };
    const form = await new Response(Buffer.concat(chunks), { headers }).formData();
    const file = form.get("file") as File;
    const key = (form.get("key") as string).replace("${filename}", file.name);
    files.set(key, Buffer.from(await file.arrayBuffer()));
    order.push(key);
    return response.writeHead(204).end();
  });
  return { ...(await listen(server)), files, order, failures };
}

/** Answers by path; counts what it is asked. */
export async function serveFiles() {
  const routes = new Map<
    string,
    { status?: number; headers?: Record<string, string>; body?: string | Buffer }
  >();
  const hits: string[] = [];
  const credentials: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? "");
    credentials.push(request.headers.authorization);
    const route = routes.get(request.url ?? "") ?? { status: 404 };
    response.writeHead(route.status ?? 200, route.headers ?? {}).end(route.body ?? "");
  });
  return { ...(await listen(server)), routes, hits, credentials };
}
