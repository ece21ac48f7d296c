import { createTransport } from "nodemailer";
import type { Log, Mail } from "../../ports.ts";
import { compose } from "./compose.ts";

const SECONDS = 1000;

/** Mails over SMTP. `url`: `smtp://host:port`, or `smtps:`. */
export function smtpMail({ url, log }: { readonly url: string; readonly log: Log }): Mail {
  return {
    async send(letter) {
      const { from, to, bytes } = await compose(letter);
      const transport = createTransport({
        url,
        connectionTimeout: 5 * SECONDS,
        greetingTimeout: 5 * SECONDS,
        socketTimeout: 10 * SECONDS,
      });
      try {
        const { rejected } = await transport.sendMail({ envelope: { from, to: [...to] }, raw: bytes });
        // Whom the server did take it for would have it again with every repetition.
        if (rejected.length > 0) log("mail refused", { for: rejected, id: letter.messageId });
      } finally {
        transport.close();
      }
      return letter.messageId;
    },
  };
}
