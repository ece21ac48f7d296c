import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  A_DAY,
  isSent,
  mailed,
  messageId,
  type News,
  newsId,
  newThread,
  roomOn,
} from "../../src/bot/mails.ts";
import { oneLine, quotation } from "../../src/bot/markdown/plain-text.ts";
import { type MailFacts, mailText, subject } from "../../src/bot/words/mails.ts";
import { cases } from "../fuzz.ts";

const [SHA, OLD, AT] = ["a".repeat(40), "b".repeat(40), "2026-11-21T10:00:00Z"];
const voice = (kind: "ack" | "nack", id = 12, at = AT): News => ({
  kind: "voice",
  voice: { kind, person: { id, login: "maria" }, sha: SHA, at },
});
const agreed = { kind: "agreed", sha: SHA, acks: 1, need: 1, at: AT } as const;
const NEWS: readonly News[] = [
  { kind: "opened", sha: SHA },
  { kind: "head", sha: SHA, before: OLD },
  { kind: "ended", run: "1/pull/7/a", sha: SHA, tries: 3 },
  { kind: "ended", run: "1/pull/7/a", sha: SHA, tries: 4 },
  voice("ack"),
  voice("nack"),
  voice("ack", 13),
  voice("ack", 12, "2026-11-21T10:00:01Z"),
  { ...agreed, state: "consented" },
  { ...agreed, state: "lazy", until: "2026-11-28T10:00:00.000Z" },
  { kind: "closed", sha: SHA, at: AT, isMerged: true },
  { kind: "closed", sha: SHA, at: AT, isMerged: false },
];

const first = (news: News) => ({ news: newsId(news), isFirst: true });
const later = (news: News) => ({ news: newsId(news), isFirst: false });

const facts = (news: News, of: Partial<MailFacts["pull"]> = {}): MailFacts => ({
  news,
  repo: { owner: "acme", name: "os" },
  pull: { number: 7, title: "greet 1.1.0", author: { login: "octocat" }, base: { branch: "main" }, ...of },
  web: "https://github.com",
  checks: [],
  isLast: false,
});

describe("news", () => {
  test("of each kind has a message id of its own, which is the same each time", () => {
    const ids = NEWS.map((news) => messageId({ repo: { id: 1 }, pull: 7 }, "example.org", news));
    expect(new Set(ids).size).toBe(NEWS.length);
    for (const id of ids) expect(id).toMatch(/^<pull\.1\.7(\.[a-z0-9.]+)?@example\.org>$/);
    expect(ids[0]).toBe("<pull.1.7@example.org>");
  });

  test("is known to be sent once it was, and the first mail is what others answer", () => {
    const [opened, head] = NEWS as [News, News];
    const one = mailed(newThread, first(opened), { as: "<first@service>", at: AT });
    const two = mailed(one, later(head), { as: "<second@service>", at: AT });
    expect([
      isSent(newThread, newsId(opened)),
      isSent(one, newsId(opened)),
      isSent(one, newsId(head)),
    ]).toEqual([false, true, false]);
    expect(two).toMatchObject({ root: "<first@service>", sent: [{ news: "" }, { news: newsId(head) }] });
    expect(mailed(two, later(head), { as: "<third@service>", at: AT })).toBe(two);
  });

  test("finds room for so many mails a day, by the day in UTC", () => {
    const sent = Array.from({ length: A_DAY - 1 }, (_, n) => ({
      news: `head.${n}`,
      at: "2026-11-21T23:59:59Z",
    }));
    expect(roomOn({ v: 1, sent }, "2026-11-21T00:00:00Z")).toBe(1);
    expect(roomOn({ v: 1, sent }, "2026-11-22T00:00:00Z")).toBe(A_DAY);
  });

  test("is forgotten when it is old, so that the record does not grow without end", () => {
    const thread = Array.from({ length: 1200 }, (_, n) => n).reduce(
      (so, n) => mailed(so, later({ kind: "head", sha: String(n), before: OLD }), { as: "<x>", at: AT }),
      mailed(newThread, first(NEWS[0]!), { as: "<first>", at: AT }),
    );
    expect([thread.sent.length, thread.root]).toEqual([1000, "<first>"]);
  });
});

describe("a mail's words", () => {
  test.each(NEWS.map((news) => ({ news, title: `${news.kind} ${newsId(news).slice(0, 6)}` })))(
    "of $title name the pull request's page, and why they came",
    ({ news }) => {
      const text = mailText(facts(news));
      expect(text).toContain("\n-- \nhttps://github.com/acme/os/pull/7\n");
      expect(text).toContain(".millwright.yml of acme/os names this address");
      expect(text).not.toContain("undefined");
      expect(subject(facts(news))).toBe(`${news.kind === "opened" ? "" : "Re: "}[acme/os] greet 1.1.0 (#7)`);
    },
  );

  test("quote the first lines of a description and say that there are more", () => {
    expect(quotation("one\n\ntwo\nthree", 3)).toBe("> one\n>\n> two\n> […]");
    expect(oneLine("  a\r\nb\u202ec ", 9)).toBe("a  b c");
    expect(oneLine("abcdef", 4)).toBe("abc…");
  });

  const foreign = fc.string({
    unit: fc.constantFrom("a", " ", "\n", "\r", "\u0085", "\u2028", "\u202e", "\0", ">", "-"),
    maxLength: 60,
  });

  test("keep foreign text to its line, or behind a mark of quotation", () => {
    fc.assert(
      fc.property(foreign, foreign, foreign, (title, login, description) => {
        const told = facts(NEWS[0]!, { title, author: { login }, description });
        const line = subject(told);
        expect(
          Array.from(line).every((c) => c >= " " && c !== "\u0085" && c !== "\u2028" && c !== "\u202e"),
        ).toBe(true);
        const plain = facts(NEWS[0]!, { title: "t", author: { login: "l" }, description });
        const lines = mailText(told).split("\n");
        expect(lines).toHaveLength(mailText(plain).split("\n").length);
        const about = lines.slice(
          3,
          lines.findIndex((one) => one.startsWith("Commit: ")),
        );
        expect(about.every((one) => one === "" || one.startsWith(">"))).toBe(true);
      }),
      { numRuns: cases() },
    );
  });
});
