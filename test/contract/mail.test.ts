import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { json } from "node:stream/consumers";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { afterAll } from "vitest";
import { z } from "zod";
import { startSmtpCatcher } from "../../src/local/smtp-catcher.ts";
import { sesMail } from "../../src/platform/mail/ses.ts";
import { smtpMail } from "../../src/platform/mail/smtp.ts";
import { mailContract } from "./mail.contract.ts";

const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

mailContract("SMTP, into a maildir", async () => {
  const dir = await mkdtemp(path.join(tmpdir(), "mails-"));
  const log = () => undefined;
  const catcher = await startSmtpCatcher({ dir, port: 0, log });
  let isUp = true;
  const fail = async () => {
    if (isUp) await catcher.close();
    isUp = false;
  };
  ends.push(() => rm(dir, { recursive: true, force: true }), fail);
  return {
    mail: smtpMail({ url: catcher.url, log }),
    fail,
    arrived: async () => {
      const names = (await readdir(path.join(dir, "new"))).toSorted();
      return Promise.all(names.map((name) => readFile(path.join(dir, "new", name))));
    },
  };
});

const Sending = z.object({
  FromEmailAddress: z.literal("bot@example.org"),
  Destination: z.object({ ToAddresses: z.array(z.string()).min(1) }),
  Content: z.strictObject({ Raw: z.object({ Data: z.base64() }) }),
});

/**
 * SES as its documentation has it: `POST /v2/email/outbound-emails` takes a raw mail in base64 and answers with a message
 * id, which takes the place of the mail's own, as its time does of the mail's.
 */
mailContract("SES, as it is documented", async () => {
  const arrived: Buffer[] = [];
  let isOpen = true;
  const server = createServer(async (request, response) => {
    const isKnown = request.method === "POST" && request.url === "/v2/email/outbound-emails";
    const sending = Sending.safeParse(await json(request));
    const MessageId = `0107-${arrived.length}-000000`;
    const refusal = isOpen ? "BadRequestException" : "SendingPausedException";
    const isTaken = isKnown && sending.success && isOpen;
    if (isTaken) arrived.push(replaced(Buffer.from(sending.data.Content.Raw.Data, "base64"), MessageId));
    const headers = { "content-type": "application/json", ...(!isTaken && { "x-amzn-errortype": refusal }) };
    response.writeHead(isTaken ? 200 : 400, headers);
    response.end(JSON.stringify(isTaken ? { MessageId } : { message: "not taken" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  const client = new SESv2Client({
    region: "eu-central-1",
    endpoint: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    credentials: { accessKeyId: "x", secretAccessKey: "y" },
  });
  ends.push(async () => client.destroy());
  return {
    mail: sesMail(client),
    arrived: async () => arrived,
    fail: async () => void (isOpen = false),
  };
});

const replaced = (mail: Buffer, id: string): Buffer =>
  Buffer.from(
    mail.toString("latin1").replace(/^Message-ID: .*$/m, `Message-ID: <${id}@eu-central-1.amazonses.com>`),
    "latin1",
  );
