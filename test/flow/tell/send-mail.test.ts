import { describe, expect, test } from "vitest";
import { A_DAY, type PullMail } from "../../../src/bot/mails.ts";
import { reportRun } from "../../../src/flow/tell/report-run.ts";
import { sendMail } from "../../../src/flow/tell/send-mail.ts";
import { tellEnd } from "../../../src/flow/tell/tell-list.ts";
import type { Letter } from "../../../src/bot/letter.ts";
import { AT, NEXT, PULL, repo, SHA, SOURCE, type World, world } from "../world.ts";

const changed = { kind: "pull-changed", repo, number: 7 } as const;
const closed = { kind: "pull-closed", repo, number: 7 } as const;
const LISTS = "notifications: { mail: [devel@lists.example.org] }\n";
const ROOT = "<pull.1.7@example.org>";

/** A world with a mail service that remembers, or fails; a pull request of somebody who may write. */
async function mailing(config = LISTS) {
  const town: World = world();
  const letters: Letter[] = [];
  const trouble = { isDown: false };
  const mail = {
    send: async (letter: Letter) => {
      if (trouble.isDown) throw new Error("no mail today");
      letters.push(letter);
      return letter.messageId;
    },
  };
  town.ports.deployment = { ...town.ports.deployment, mail: { from: "bot@example.org" } };
  town.github.files.set(".millwright.yml", config);
  town.github.pulls.set(7, town.github.pullOf({ title: "greet 1.1.0" }));
  const step = () => sendMail({ ...town.ports, mail });
  /** What waits in the queue is sent; a failed message stays. */
  const post = async () => {
    for (const message of town.ports.mails.sent.splice(0))
      await step()(message).catch(() => town.ports.mails.sent.push(message));
  };
  await town.decide(changed);
  return { town, letters, trouble, step, post };
}

const push = async (town: World, sha: string) => {
  town.github.pulls.set(7, town.github.pullOf({ title: "greet 1.1.0", sha }));
  await town.decide(changed);
};
const shaOf = (n: number) => n.toString(16).padStart(40, "0");

describe("a mailing list that the config names", () => {
  test("hears of a pull request: title, author, branch, commit, and the first lines of its description", async () => {
    const { letters, post } = await mailing();
    await post();
    expect(letters).toEqual([
      expect.objectContaining({
        from: "bot@example.org",
        to: ["devel@lists.example.org"],
        subject: "[acme/os] greet 1.1.0 (#7)",
        messageId: ROOT,
      }),
    ]);
    const [{ text, inReplyTo }] = [letters[0]!];
    for (const part of [
      "octocat",
      "main",
      "greet 1.1.0",
      "> Why it is needed.",
      SHA,
      "https://github.com/acme/os/pull/7",
    ])
      expect(text).toContain(part);
    expect(inReplyTo).toBeUndefined();
  });

  test("hears of a new commit, the outcome, a NACK and an ACK, consent and the merge, all in one thread", async () => {
    const { town, letters, post } = await mailing(`${LISTS}review: { acks: 1 }\ncommitters: [40]\n`);
    const says = (comment: number, body: string, at: string) =>
      town.deliver(`m${comment}`, {
        kind: "commented",
        repo,
        number: 7,
        comment,
        at,
        by: { id: 40, login: "maria" },
        body,
      });
    const of = { kind: "ended", as: "failed", because: "no", attempt: 1, at: AT } as const;
    await town.move(PULL, { ...of, stage: SOURCE });
    await reportRun(town.ports)({ v: 1, run: PULL });
    await push(town, NEXT);
    await says(1, "/nack", "2026-11-22T10:00:00Z");
    await says(2, "/ack", "2026-11-22T11:00:00Z");
    const end = { at: "2026-11-22T12:00:00Z", isMerged: true };
    town.github.pulls.set(7, town.github.pullOf({ sha: NEXT, isOpen: false, closed: end }));
    await town.deliver("m3", closed);
    await post();
    expect(letters.map(({ headers }) => headers["X-Millwright-News"])).toEqual([
      "opened",
      "ended",
      "head",
      "voice",
      "voice",
      "agreed",
      "closed",
    ]);
    expect(letters[1]?.text).toContain(`The builds of ${SHA} have ended:`);
    expect(letters[1]?.text).toContain("[failure] rpm:greet:debian-12-x86_64");
    expect(letters[2]?.text).toContain(`There is a new commit: ${NEXT}`);
    expect(letters[3]?.text).toContain("maria objects (NACK)");
    expect(letters[4]?.text).toContain("maria consents to this commit (ACK)");
    expect(letters[5]?.text).toContain("1 of 1 ACK, and no objection");
    expect(letters[6]?.text).toContain("Merged into main.");
    for (const { inReplyTo, references, subject } of letters.slice(1)) {
      expect([inReplyTo, references]).toEqual([ROOT, [ROOT]]);
      expect(subject).toContain("Re: [acme/os]");
    }
    expect(new Set(letters.map(({ messageId }) => messageId)).size).toBe(letters.length);
  });

  test("gets answers to the message id that the mail service gave to the first mail", async () => {
    const { town, step, letters } = await mailing();
    const renaming = { send: async () => "<0107@eu-central-1.amazonses.com>" };
    await sendMail({ ...town.ports, mail: renaming })(town.ports.mails.sent[0]!);
    await push(town, NEXT);
    await step()(town.ports.mails.sent[1]!);
    expect(letters[0]).toMatchObject({
      inReplyTo: "<0107@eu-central-1.amazonses.com>",
      references: [ROOT, "<0107@eu-central-1.amazonses.com>"],
    });
  });

  test("gets each mail once, however often the news comes", async () => {
    const { town, letters, post } = await mailing();
    const [message] = town.ports.mails.sent;
    await post();
    town.ports.mails.sent.push(message!, message!);
    await town.decide(changed);
    await post();
    expect(letters).toHaveLength(1);
  });

  test("gets a mail again, with the same message id, when it was sent and could not be written down", async () => {
    const { town, letters, post } = await mailing();
    const create = town.ports.threads.create.bind(town.ports.threads);
    town.ports.threads.create = async () => Promise.reject(new Error("S3 is away"));
    await post();
    expect(town.ports.mails.sent).toHaveLength(1);
    town.ports.threads.create = create;
    await post();
    await post();
    expect(letters.map(({ messageId }) => messageId)).toEqual([ROOT, ROOT]);
  });

  test("gets what could not be sent once it can be", async () => {
    const { letters, trouble, post, town } = await mailing();
    trouble.isDown = true;
    await post();
    expect([letters.length, town.ports.mails.sent.length]).toEqual([0, 1]);
    trouble.isDown = false;
    await post();
    expect(letters).toHaveLength(1);
  });

  test("hears again how a run ended that was tried again, and nothing of a commit that was given up", async () => {
    const { town, letters, post } = await mailing();
    const failed = { kind: "ended", as: "failed", because: "no", stage: SOURCE, at: AT } as const;
    await town.move(PULL, { ...failed, attempt: 1 });
    await tellEnd(town.ports, await town.run(PULL));
    await tellEnd(town.ports, await town.run(PULL));
    await town.move(PULL, { kind: "retried", stage: SOURCE, attempt: 1, at: AT });
    await tellEnd(town.ports, await town.run(PULL));
    await town.move(PULL, { ...failed, attempt: 2 });
    await tellEnd(town.ports, await town.run(PULL));
    await post();
    expect(letters.map(({ headers }) => headers["X-Millwright-News"])).toEqual(["opened", "ended", "ended"]);
    await push(town, NEXT);
    await tellEnd(town.ports, await town.run(PULL));
    await post();
    expect(letters.at(-1)?.headers["X-Millwright-News"]).toBe("head");
  });

  test("is not flooded: the last mail of a day says so, and the next day goes on", async () => {
    const { town, letters, post } = await mailing();
    town.ports.clock = () => AT;
    for (let n = 1; n <= 2 * A_DAY; n++) await push(town, shaOf(n));
    await post();
    expect(letters).toHaveLength(A_DAY);
    expect(letters.at(-1)?.text).toContain("This is the last mail of today");
    expect(letters.at(-2)?.text).not.toContain("This is the last mail of today");
    town.ports.clock = () => "2026-11-22T00:00:00.000Z";
    await push(town, NEXT);
    await post();
    expect(letters).toHaveLength(A_DAY + 1);
  });
});

describe("no mail is sent", () => {
  test("where the deployment says who none come from: not even a message", async () => {
    const { town } = await mailing();
    town.ports.deployment = { ...town.ports.deployment, mail: undefined };
    town.ports.mails.sent.length = 0;
    await push(town, NEXT);
    expect(town.ports.mails.sent).toEqual([]);
  });

  test.each([
    ["names no list", ""],
    ["cannot be read", "notifications: [\n"],
  ])("where the config on the default branch %s, whatever the message says", async (_, config) => {
    const { town, letters, post } = await mailing();
    town.github.files.set(".millwright.yml", config);
    await post();
    expect(letters).toEqual([]);
    expect(town.ports.mails.sent).toEqual([]);
    expect(town.ports.threads.all.size).toBe(0);
  });

  test("of a pull request that is gone", async () => {
    const { town, letters, post } = await mailing();
    town.github.pulls.clear();
    await post();
    expect(letters).toEqual([]);
  });

  test("by anything that a message could hold but news", async () => {
    const { town } = await mailing();
    const [message] = town.ports.mails.sent;
    expect(Object.keys(message ?? {}).toSorted()).toEqual([
      "news",
      "pull",
      "repo",
      "v",
    ] satisfies (keyof PullMail)[]);
  });
});
