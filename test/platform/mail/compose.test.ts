import * as fc from "fast-check";
import PostalMime from "postal-mime";
import { describe, expect, test } from "vitest";
import { compose } from "../../../src/platform/mail/compose.ts";
import type { Letter } from "../../../src/bot/letter.ts";
import { cases } from "../../fuzz.ts";
import { letterOf } from "./letter.ts";

const parsed = async (letter: Letter) => PostalMime.parse((await compose(letter)).bytes);
const keysOf = async (letter: Letter) => (await parsed(letter)).headers.map(({ key }) => key).toSorted();

/** Text as people send it who mean harm: line ends of all kinds, headers, boundaries, controls, other scripts. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom("\r\n", "\n", "\r", "\u2028", "\u0085", "\0", "\t", "Bcc: x@example.net", "=?utf-8?q?"),
      fc.constantFrom(
        "\r\n\r\n",
        "\r\n.\r\n",
        "<",
        ">",
        '"',
        ",",
        "@",
        ":",
        "?=",
        "--",
        "ß",
        "漢",
        "😀",
        "\u202e",
      ),
      fc.string({ maxLength: 40 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(""));

describe("a mail", () => {
  test("says who sent it, to whom, what it is and what it answers", async () => {
    const mail = await parsed(
      letterOf({
        inReplyTo: "<root@example.org>",
        references: ["<first@example.org>", "<root@example.org>"],
      }),
    );
    expect(mail).toMatchObject({
      from: { name: "Millwright", address: "bot@example.org" },
      to: [{ address: "devel@lists.example.org" }],
      replyTo: [{ address: "devel@lists.example.org" }],
      subject: "[acme/os] greet 1.1.0 (#7)",
      messageId: "<pull.1.7@example.org>",
      inReplyTo: "<root@example.org>",
      references: "<first@example.org> <root@example.org>",
      date: "2026-11-21T10:00:00.000Z",
    });
    const values = new Map(mail.headers.map(({ key, value }) => [key, value]));
    expect(values.get("auto-submitted")).toBe("auto-generated");
    expect(values.get("list-id")).toBe('"acme/os" <repo-1.example.org>');
    expect(values.get("content-type")).toMatch(/^text\/plain; charset=utf-8/);
  });

  test("is plain text without attachments, and arrives as it was written", async () => {
    const text = "A line with ß and 漢.\n.\nFrom the start\n> quoted\n-- \nend\n";
    const mail = await parsed(letterOf({ text }));
    expect(mail.text).toBe(text);
    expect(mail.html).toBeUndefined();
    expect(mail.attachments).toEqual([]);
  });

  test(
    "gets no header, recipient or part more, whatever stands in its values",
    { timeout: 600_000 },
    async () => {
      const usual = await keysOf(letterOf());
      const wanted = ["devel@lists.example.org"];
      await fc.assert(
        fc.asyncProperty(hostile, hostile, hostile, async (subject, value, text) => {
          const headers = { "List-Id": `x${value}`, "X-Millwright-News": `${value}x` };
          const composed = await compose(letterOf({ subject: `x${subject}`, headers, text: `x${text}` }));
          const mail = await PostalMime.parse(composed.bytes);
          expect(mail.headers.map(({ key }) => key).toSorted()).toEqual(usual);
          expect(mail.to?.map(({ address }) => address)).toEqual(wanted);
          expect([mail.cc, mail.bcc, mail.html, mail.attachments]).toEqual([
            undefined,
            undefined,
            undefined,
            [],
          ]);
          expect(composed.to).toEqual(wanted);
          // Not even when a reader has decoded it.
          expect(
            Array.from(mail.subject ?? "").filter((c) => c < " " || c === "\u0085" || c === "\u2028"),
          ).toEqual([]);
        }),
        { numRuns: cases() },
      );
    },
  );
});
