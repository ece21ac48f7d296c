import type { Letter } from "../../bot/letter.ts";
import { isSent, mailed, type MailsMessage, newThread, roomOn, type Thread } from "../../bot/mails.ts";
import type { Announcement } from "../../pipelines/release/announcement.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import type { Run } from "../../pipelines/run.ts";
import type { GitHub } from "../../ports-github.ts";
import type { Clock, Log, Mail, Records } from "../../ports.ts";
import { changeRecord } from "../change-record.ts";
import { pullPost } from "./pull-post.ts";
import { releasePost } from "./release-post.ts";

export interface SendMailPorts {
  readonly github: Pick<GitHub, "pull" | "file" | "defaultBranch">;
  readonly runs: Pick<Records<Run>, "read">;
  readonly announcements: Pick<Records<Announcement>, "read">;
  readonly threads: Records<Thread>;
  readonly mail: Mail;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is to be sent: in which thread, and what it is there. */
export interface Post {
  readonly thread: string;
  readonly news: string;
  /** Others answer it. */
  readonly isFirst: boolean;
  /** What the log says it is about. */
  readonly about: Readonly<Record<string, unknown>>;
  /** The mail as it stands now; nothing, if nobody asks for it. */
  letter(state: { readonly thread: Thread; readonly now: string }): Promise<Letter | undefined>;
}

/**
 * mails queue -> mailing lists. At least once: it is written down when it was sent, so a crash in between sends it again,
 * with the same message id. Never is a mail taken for sent that was not.
 */
export function sendMail(ports: SendMailPorts) {
  return async (message: MailsMessage): Promise<void> => {
    const post = "pull" in message ? pullPost(ports, message) : releasePost(ports, message);
    const told = (as: string) =>
      ports.log("mail", { repo: message.repo.id, ...post.about, news: post.news, as });
    const thread = (await ports.threads.read(post.thread))?.value ?? newThread;
    if (isSent(thread, post.news)) return;
    const now = ports.clock();
    if (roomOn(thread, now) <= 0) return told("too many today");
    const letter = await post.letter({ thread, now });
    if (!letter) return told("nobody asks for it");
    const as = await ports.mail.send(letter);
    told(as);
    await changeRecord(ports.threads, post.thread, (was) => mailed(was ?? newThread, post, { as, at: now }));
  };
}
