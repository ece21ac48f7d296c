import { mkdir, rename, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { callbackify } from "node:util";
import { SMTPServer } from "smtp-server";
import type { Log } from "../ports.ts";

export interface SmtpCatcher {
  readonly url: string;
  close(): Promise<void>;
}

const MAX_BYTES = 10 * 1024 * 1024;

/** Takes every mail for whomever and keeps it in a maildir, which any mail reader opens. Loopback only. */
export async function startSmtpCatcher(options: {
  /** The maildir. */
  readonly dir: string;
  readonly port: number;
  readonly log: Log;
}): Promise<SmtpCatcher> {
  const { dir, log } = options;
  for (const part of ["tmp", "new", "cur"]) await mkdir(join(dir, part), { recursive: true });
  let count = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    size: MAX_BYTES,
    logger: false,
    onData(stream, { envelope }, done) {
      const name = `${Date.now()}.P${process.pid}Q${(count += 1)}.${hostname()}`;
      log("mail", { to: envelope.rcptTo.map(({ address }) => address), file: join(dir, "new", name) });
      callbackify(keep)({ stream, dir, name }, done);
    },
  });
  server.on("error", (error) => log("smtp", { error: String(error) }));
  const listening = Promise.withResolvers<number>();
  server.once("error", listening.reject);
  const { server: sockets } = server;
  server.listen(options.port, "127.0.0.1", () => {
    const address = sockets.address();
    listening.resolve(typeof address === "object" && address ? address.port : 0);
  });
  const port = await listening.promise;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Taken {
  readonly stream: Readable;
  readonly dir: string;
  readonly name: string;
}

/** A reader of a maildir never sees half a mail: it is written aside and moved. */
async function keep({ stream, dir, name }: Taken): Promise<void> {
  await writeFile(join(dir, "tmp", name), await buffer(stream));
  await rename(join(dir, "tmp", name), join(dir, "new", name));
}
