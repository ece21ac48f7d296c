import type { Letter } from "../../../src/bot/letter.ts";

/** A mail to a list, for tests. */
export const letterOf = (of: Partial<Letter> = {}): Letter => ({
  from: "bot@example.org",
  to: ["devel@lists.example.org"],
  subject: "[acme/os] greet 1.1.0 (#7)",
  text: "octocat proposes a change.\n\n> Why it is needed.\n\n-- \nhttps://github.com/acme/os/pull/7\n",
  messageId: "<pull.1.7@example.org>",
  date: "2026-11-21T10:00:00.000Z",
  headers: { "List-Id": '"acme/os" <repo-1.example.org>', "X-Millwright-News": "opened" },
  ...of,
});

/** The second mail of the same thread. */
export const answerOf = (root: string): Letter =>
  letterOf({
    subject: "Re: [acme/os] greet 1.1.0 (#7)",
    text: "There is a new commit.\n",
    messageId: "<pull.1.7.head.aaaa@example.org>",
    inReplyTo: root,
    references: [...new Set(["<pull.1.7@example.org>", root])],
    headers: { "X-Millwright-News": "head" },
  });
