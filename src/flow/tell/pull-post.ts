import { checksOf } from "../../bot/check/check.ts";
import { messageId, newsId, type PullMail, roomOn, threadKey } from "../../bot/mails.ts";
import { mailText, type MailFacts, subject } from "../../bot/words/mails.ts";
import { runKey } from "../../pipelines/run.ts";
import { isConfig, rulesOf } from "../rules-of.ts";
import type { Post, SendMailPorts } from "./send-mail.ts";

/** News of a pull request, in its own thread. */
export function pullPost(
  ports: Pick<SendMailPorts, "github" | "deployment" | "runs" | "clock">,
  message: PullMail,
): Post {
  const { repo, pull, news } = message;
  return {
    thread: threadKey(repo.id, pull),
    news: newsId(news),
    isFirst: news.kind === "opened",
    about: { pull },
    letter: (state) => letterFor(ports, message, state),
  };
}

async function letterFor(
  { github, deployment, runs, clock }: Pick<SendMailPorts, "github" | "deployment" | "runs" | "clock">,
  message: PullMail,
  { thread, now }: Parameters<Post["letter"]>[0],
): ReturnType<Post["letter"]> {
  const { repo, news } = message;
  const pull = deployment.mail && (await github.pull(repo, message.pull));
  if (!deployment.mail || !pull) return undefined;
  // From the default branch, as all rules: a private repository's mails go where that says, and nowhere else.
  const config = await rulesOf(
    { github, deployment, clock },
    { ...repo, defaultBranch: pull.base.defaultBranch },
  );
  const to = isConfig(config) ? config.notifications.mail : [];
  if (to.length === 0) return undefined;
  const run = news.kind === "ended" ? (await runs.read(runKey(news.run)))?.value : undefined;
  const { web } = deployment.github;
  const checks = run ? checksOf(run, { logUrl: () => undefined, web, imageOf: () => undefined }) : [];
  const facts: MailFacts = { news, repo, pull, web, checks, isLast: roomOn(thread, now) === 1 };
  const { from } = deployment.mail;
  const host = from.slice(from.lastIndexOf("@") + 1);
  const [id, first] = [messageId(message, host, news), messageId(message, host)];
  return {
    from,
    to,
    subject: subject(facts),
    text: mailText(facts),
    messageId: id,
    ...(news.kind !== "opened" && {
      inReplyTo: thread.root ?? first,
      references: [...new Set([first, thread.root ?? first])],
    }),
    date: now,
    headers: {
      "List-Id": `"${repo.owner}/${repo.name}" <repo-${repo.id}.${host}>`,
      "X-Millwright-Pull": `${repo.owner}/${repo.name}#${message.pull}`,
      "X-Millwright-News": news.kind,
      // A mail service may put a message id of its own in the place of ours.
      "X-Millwright-Id": id,
    },
  };
}
