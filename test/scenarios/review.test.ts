import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Octokit } from "@octokit/rest";
import PostalMime, { type Email } from "postal-mime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SmtpCatcher, startSmtpCatcher } from "../../src/local/smtp-catcher.ts";
import { shownAt } from "./checks.ts";
import { closed, until } from "./story.ts";
import { openTheatre, type Theatre } from "./theatre.ts";
import { foundVillage, SPEC } from "./village.ts";

const REVIEW = "millwright:review";
const COMMITTER = 4001;

let dir: string;
let catcher: SmtpCatcher;
let theatre: Theatre;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "millwright-mails-"));
  catcher = await startSmtpCatcher({ dir, port: 0, log: () => undefined });
  const mail = { from: "bot@example.org", smtp: catcher.url };
  theatre = await openTheatre({ events: ["issue_comment", "check_run"], deployment: { mail } });
});

afterAll(async () => {
  const dead = await theatre.state.deadLetters();
  await theatre.close();
  await catcher.close();
  await rm(dir, { recursive: true, force: true });
  expect(dead).toBe(0);
});

async function mails(): Promise<readonly Email[]> {
  const names = (await readdir(join(dir, "new"))).toSorted();
  return Promise.all(names.map(async (name) => PostalMime.parse(await readFile(join(dir, "new", name)))));
}

const newsOf = ({ headers }: Email): string =>
  headers.find(({ key }) => key === "x-millwright-news")?.value ?? "";

/** GitHub counts in seconds, and an ACK takes a NACK back only when it is later. */
const nextSecond = () => pause(1_100);

describe("a pull request under review", () => {
  test("turns red by a NACK and green by an ACK, and the list reads of it in one thread", async () => {
    const { admin, apiUrl } = theatre.github;
    const { token } = admin.createUser({ login: "reviewer", id: COMMITTER });
    const config = `committers: [${COMMITTER}]\nreview: { acks: 1 }\nnotifications: { mail: [devel@lists.example.org] }\n`;
    const files = { "README.md": "# Packages\n", ".millwright.yml": config };
    const home = await foundVillage(theatre.github, { owner: "reviewed", files });
    const sha = await home.commit("topic", { "greet.spec": SPEC });
    const number = await home.open("topic");
    const says = async (body: string) => {
      await nextSecond();
      const at = { owner: home.owner, repo: home.repo, issue_number: number };
      await new Octokit({ auth: token, baseUrl: apiUrl }).rest.issues.createComment({ ...at, body });
    };
    await shownAt(home, sha, { name: REVIEW, status: "queued", title: "Waiting: 0 of 1 ACK" });
    await closed(theatre, `${home.id}/pull/${number}/${sha}`);
    await says("/nack");
    await shownAt(home, sha, { name: REVIEW, conclusion: "failure", title: "Blocked by NACK of reviewer" });
    await says(`/ack ${sha.slice(0, 10)}`);
    await shownAt(home, sha, { name: REVIEW, conclusion: "success", title: "Consented: 1 of 1 ACK" });
    await home.merge(number);

    const all = await until("the last mail", async () => {
      const read = await mails();
      return read.some((one) => newsOf(one) === "closed") && read;
    });
    expect(all.map(newsOf)).toEqual(["opened", "ended", "voice", "voice", "agreed", "closed"]);
    const [root, ...answers] = all;
    expect(root?.subject).toBe(`[reviewed/packages] A change (#${number})`);
    expect(root?.messageId).toBe(`<pull.${home.id}.${number}@example.org>`);
    for (const answer of answers) {
      expect(answer.inReplyTo).toBe(root?.messageId);
      expect(answer.references?.split(" ")).toContain(root?.messageId);
    }
    expect(new Set(all.map(({ messageId }) => messageId)).size).toBe(all.length);
    expect(answers[0]?.text).toContain("[success] rpm:greet:debian-12-x86_64");
    expect(answers.at(-1)?.text).toContain("Merged into main.");
  });
});
