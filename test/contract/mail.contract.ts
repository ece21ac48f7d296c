import PostalMime, { type Email } from "postal-mime";
import { describe, expect, test } from "vitest";
import type { Mail } from "../../src/ports.ts";
import { answerOf, letterOf } from "../platform/mail/letter.ts";

export interface MailService {
  readonly mail: Mail;
  /** What has arrived, as it came over the wire, oldest first. */
  arrived(): Promise<readonly Uint8Array[]>;
  /** Takes no mail any more. */
  fail(): Promise<void>;
}

/** What the core relies on, of whatever takes its mails. */
export function mailContract(name: string, make: () => Promise<MailService>): void {
  describe(`mail by ${name}`, () => {
    const arrivedAt = async (service: MailService): Promise<readonly Email[]> =>
      Promise.all((await service.arrived()).map(async (bytes) => PostalMime.parse(bytes)));

    test("arrives once, for all it is for, with its words and headers", async () => {
      const service = await make();
      const to = ["devel@lists.example.org", "release@lists.example.org"];
      await service.mail.send(letterOf({ to }));
      const [mail, ...others] = await arrivedAt(service);
      expect(others).toEqual([]);
      expect(mail).toMatchObject({ from: { address: "bot@example.org" }, subject: letterOf().subject });
      expect(mail?.to?.map(({ address }) => address)).toEqual(to);
      expect(mail?.text).toBe(letterOf().text);
      const values = new Map(mail?.headers.map(({ key, value }) => [key, value]));
      expect(values.get("auto-submitted")).toBe("auto-generated");
      expect(values.get("list-id")).toBe('"acme/os" <repo-1.example.org>');
      expect(values.get("x-millwright-news")).toBe("opened");
    });

    test("is answered by the message id that `send` gave, so that readers see one thread", async () => {
      const service = await make();
      const root = await service.mail.send(letterOf());
      await service.mail.send(answerOf(root));
      const [first, second] = await arrivedAt(service);
      expect(first?.messageId).toBe(root);
      expect(second?.inReplyTo).toBe(first?.messageId);
      expect(second?.references?.split(" ")).toContain(first?.messageId);
    });

    test("keeps dots at the start of a line, and letters that are not ASCII", async () => {
      const service = await make();
      const letter = letterOf({ text: ".\n..\n.x\nß 漢 😀\n", subject: "Änderung 漢" });
      await service.mail.send(letter);
      const [mail] = await arrivedAt(service);
      expect([mail?.text, mail?.subject]).toEqual([letter.text, letter.subject]);
    });

    test("that is not taken fails, so that the queue brings it again", async () => {
      const service = await make();
      await service.fail();
      await expect(service.mail.send(letterOf())).rejects.toThrow(/./);
    });
  });
}
