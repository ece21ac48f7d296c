import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** One upload as its form told it; `fields` are what came before the file. */
interface Upload {
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly content: Buffer;
}

export interface StandInStore {
  readonly url: string;
  /** What GET answers, by path; a number is a status that is answered once before what is below it. */
  readonly objects: Map<string, (string | Buffer | number)[]>;
  readonly uploads: Upload[];
  /** The status of every upload. */
  accept: number;
  close(): void;
}

/** A store that lends objects and takes forms, without any checks of its own. */
export async function standInStore(): Promise<StandInStore> {
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => response.writeHead(status).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const store: StandInStore = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: new Map(),
    uploads: [],
    accept: 204,
    close: () => void server.close(),
  };
  const answer = async (request: IncomingMessage): Promise<{ status: number; body?: string | Buffer }> => {
    if (request.method === "POST") {
      if (store.accept === 204) store.uploads.push(await uploadOf(request));
      return { status: store.accept };
    }
    const answers = store.objects.get(request.url ?? "") ?? [403];
    const next = (answers.length > 1 ? answers.shift() : answers[0]) ?? 403;
    return typeof next === "number" ? { status: next } : { status: 200, body: next };
  };
  return store;
}

async function uploadOf(request: IncomingMessage): Promise<Upload> {
  const body = new Uint8Array(await buffer(request));
  const form = await new Response(body, {
    headers: { "content-type": request.headers["content-type"] ?? "" },
  }).formData();
  const fields = [...form].flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  const file = form.get("file") as File;
  return {
    name: file.name,
    fields: Object.fromEntries(fields),
    content: Buffer.from(await file.arrayBuffer()),
  };
}
