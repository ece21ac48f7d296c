import MailComposer from "nodemailer/lib/mail-composer";
import type { Letter } from "../../bot/letter.ts";

/** A mail as it goes over the wire (RFC 5322), and for whom. */
export interface Composed {
  readonly from: string;
  readonly to: readonly string[];
  readonly bytes: Buffer;
}

/** The only place where mails are made: plain text, and every header's value on one line. */
export async function compose(letter: Letter): Promise<Composed> {
  const { from, to, text, messageId, inReplyTo, references, date } = letter;
  const people = to.map((address) => ({ name: "", address: oneLine(address) }));
  const headers = Object.entries(letter.headers).map(([key, value]) => ({
    key,
    value: asIs(oneLine(value)),
  }));
  const mail = new MailComposer({
    from: { name: "Millwright", address: oneLine(from) },
    to: people,
    // Whoever answers means the people on the list.
    replyTo: people,
    subject: oneLine(letter.subject),
    text,
    textEncoding: "quoted-printable",
    messageId: oneLine(messageId),
    ...(inReplyTo !== undefined && { inReplyTo: oneLine(inReplyTo) }),
    ...(references && { references: references.map(oneLine) }),
    date: new Date(date),
    headers: [{ key: "Auto-Submitted", value: "auto-generated" }, ...headers],
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { from, to, bytes: await mail.compile().build() };
}

/** `List-Id` and the like are read by machines, which know no encoded words: what is ASCII stays as it is. */
const asIs = (value: string) =>
  Array.from(value).every((c) => c >= " " && c <= "~") ? { prepared: true, foldLines: true, value } : value;

/** What ends a line or a header, or is no text at all, becomes a space. */
const oneLine = (value: string): string =>
  Array.from(value, (c) => (isControl(c.codePointAt(0) ?? 0) ? " " : c))
    .join("")
    .trim();

const isControl = (point: number): boolean =>
  point < 0x20 || (point >= 0x7f && point < 0xa0) || point === 0x2028 || point === 0x2029;
