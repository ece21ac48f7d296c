import { SendEmailCommand, type SESv2Client } from "@aws-sdk/client-sesv2";
import type { Mail } from "../../ports.ts";
import { compose } from "./compose.ts";

/**
 * Mails by Amazon SES. It puts a message id of its own in the place of ours (SES developer guide, "Header fields"): the
 * id that it answers with, at its own host.
 */
export function sesMail(ses: SESv2Client): Mail {
  return {
    async send(letter) {
      const { from, to, bytes } = await compose(letter);
      const { MessageId: id } = await ses.send(
        new SendEmailCommand({
          FromEmailAddress: from,
          Destination: { ToAddresses: [...to] },
          Content: { Raw: { Data: bytes } },
        }),
      );
      if (id === undefined) throw new Error("SES took the mail and named no message id");
      const region = await ses.config.region();
      return `<${id}@${region === "us-east-1" ? "email" : region}.amazonses.com>`;
    },
  };
}
