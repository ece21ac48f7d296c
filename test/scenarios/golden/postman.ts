import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { z } from "zod";

/** A delivery on its way; `of`: the repository's id, or the account's login where it names no repository. */
export interface Letter {
  readonly guid: string;
  readonly event: string;
  readonly action: string | undefined;
  readonly of: number | string;
  /** News of what the app did. */
  readonly isOurs: boolean;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the door answered; absent while it is kept back. */
  answer?: number;
  /** When it was handed over last, ISO 8601. */
  at?: string;
}

export type Postman = Awaited<ReturnType<typeof startPostman>>;

const Payload = z.object({
  action: z.string().optional(),
  sender: z.object({ login: z.string() }).optional(),
  repository: z.object({ id: z.int() }).optional(),
  repositories: z.array(z.object({ id: z.int() })).optional(),
  installation: z.object({ account: z.object({ login: z.string() }).optional() }).optional(),
});

/** Stands between GitHub and the door: keeps letters back by repository, hands them over twice, invents some. */
export async function startPostman() {
  const letters: Letter[] = [];
  const kept = new Map<Letter["of"], Letter[]>();
  let door = "";

  async function hand(letter: Letter): Promise<number> {
    // Before it is handed over: it may be decided before the door has answered.
    letter.at = new Date().toISOString();
    const { status } = await fetch(door, { method: "POST", headers: letter.headers, body: letter.body });
    letter.answer = status;
    return status;
  }

  const server = createServer(async (request, response) => {
    const letter = read((await buffer(request)).toString(), request.headers);
    letters.push(letter);
    const held = kept.get(letter.of);
    held?.push(letter);
    response.statusCode = held ? 202 : await hand(letter);
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}/`,
    carryTo: (address: string) => void (door = address),
    hold: (of: Letter["of"]) => void kept.set(of, []),
    /** What is kept back, which is handed over from now on. */
    take(of: Letter["of"]): readonly Letter[] {
      const held = kept.get(of) ?? [];
      kept.delete(of);
      return held;
    },
    hand,
    /** All letters of these, oldest first. */
    of: (...of: readonly Letter["of"][]) => letters.filter((one) => of.includes(one.of)),
    /** Hands over a letter like another, under a GUID of its own. */
    async invent(like: Letter, body: string, secret: string): Promise<void> {
      const guid = randomUUID();
      const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
      const headers = { ...like.headers, "x-github-delivery": guid, "x-hub-signature-256": signature };
      const letter = { ...like, guid, body, headers };
      letters.push(letter);
      await hand(letter);
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function read(body: string, raw: Readonly<Record<string, unknown>>): Letter {
  const { action, sender, repository, repositories, installation } = Payload.parse(JSON.parse(body));
  const headers = Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) =>
      (name.startsWith("x-") || name === "content-type") && typeof value === "string" ? [[name, value]] : [],
    ),
  );
  return {
    guid: headers["x-github-delivery"] ?? "",
    event: headers["x-github-event"] ?? "",
    action,
    isOurs: sender?.login === "millwright[bot]",
    of: repository?.id ?? repositories?.[0]?.id ?? installation?.account?.login ?? "",
    body,
    headers,
  };
}
