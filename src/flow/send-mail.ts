import { checksOf } from "../bot/check.ts";
import {
  isSent,
  mailed,
  type MailsMessage,
  messageId,
  newsId,
  newThread,
  roomOn,
  type Thread,
  threadKey,
} from "../bot/mails.ts";
import { mailText, type MailFacts, subject } from "../bot/words/mails.ts";
import type { Deployment } from "../pipelines/deployment.ts";
import { type Run, runKey } from "../pipelines/run.ts";
import type { Letter } from "../bot/letter.ts";
import type { Clock, GitHub, Log, Mail, Records } from "../ports.ts";
import { changeRecord } from "./change-record.ts";
import { isConfig, rulesOf } from "./rules-of.ts";

export interface SendMailPorts {
  readonly github: Pick<GitHub, "pull" | "file">;
  readonly runs: Pick<Records<Run>, "read">;
  readonly threads: Records<Thread>;
  readonly mail: Mail;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * mails queue -> mailing lists. At least once: it is written down when it was sent, so a crash in between sends it again,
 * with the same message id. Never is a mail taken for sent that was not.
 */
export function sendMail(ports: SendMailPorts) {
  return async (message: MailsMessage): Promise<void> => {
    const { repo, pull: number, news } = message;
    const told = (as: string) => ports.log("mail", { repo: repo.id, pull: number, news: newsId(news), as });
    const thread = (await ports.threads.read(threadKey(repo.id, number)))?.value ?? newThread;
    if (isSent(thread, news)) return;
    const now = ports.clock();
    if (roomOn(thread, now) <= 0) return told("too many today");
    const letter = await letterFor(ports, message, { thread, now });
    if (!letter) return told("nobody asks for it");
    const as = await ports.mail.send(letter);
    told(as);
    await writeDown(ports, message, { as, at: now });
  };
}

async function letterFor(
  { github, deployment, runs }: SendMailPorts,
  message: MailsMessage,
  { thread, now }: { readonly thread: Thread; readonly now: string },
): Promise<Letter | undefined> {
  const { repo, news } = message;
  const pull = deployment.mail && (await github.pull(repo, message.pull));
  if (!deployment.mail || !pull) return undefined;
  // From the default branch, as all rules: a private repository's mails go where that says, and nowhere else.
  const config = await rulesOf({ github, deployment }, { ...repo, defaultBranch: pull.base.defaultBranch });
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

async function writeDown(
  { threads }: SendMailPorts,
  { repo, pull, news }: MailsMessage,
  sent: { readonly as: string; readonly at: string },
): Promise<void> {
  await changeRecord(threads, threadKey(repo.id, pull), (was) => mailed(was ?? newThread, news, sent));
}
