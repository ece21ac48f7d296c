import { channelThreadKey, releaseId, type ReleaseMail } from "../../bot/mails.ts";
import { releaseMail, releaseSubject } from "../../bot/words/release-notes.ts";
import { announcementKey } from "../../pipelines/release/announcement.ts";
import { rulesOfRun } from "../rules-of-run.ts";
import type { Post, SendMailPorts } from "./send-mail.ts";

type Ports = Pick<SendMailPorts, "github" | "deployment" | "announcements" | "clock">;

/** A release is out: one mail each, in its channel's thread. */
export function releasePost(ports: Ports, message: ReleaseMail): Post {
  const { repo, released } = message;
  return {
    thread: channelThreadKey(repo.id, released.channel),
    news: released.number,
    // The first that is sent is what the later ones answer.
    isFirst: true,
    about: { channel: released.channel },
    letter: (state) => letterFor(ports, message, state),
  };
}

async function letterFor(
  ports: Ports,
  message: ReleaseMail,
  { thread, now }: Parameters<Post["letter"]>[0],
): ReturnType<Post["letter"]> {
  const { repo, released } = message;
  const { channel, number } = released;
  const { mail } = ports.deployment;
  const record = mail && (await ports.announcements.read(announcementKey(repo.id, channel, number)))?.value;
  if (!mail || !record) return undefined;
  const to = (await rulesOfRun(ports, repo))?.notifications.mail ?? [];
  if (to.length === 0) return undefined;
  const facts = { news: record.told, repo, page: record.page?.url };
  const host = mail.from.slice(mail.from.lastIndexOf("@") + 1);
  const [id, first] = [releaseId(message, host, number), releaseId(message, host)];
  return {
    from: mail.from,
    to,
    subject: releaseSubject(facts),
    text: releaseMail(facts),
    messageId: id,
    // What nobody ever sent holds a channel's releases together as well.
    inReplyTo: thread.root ?? first,
    references: [...new Set([first, thread.root ?? first])],
    date: now,
    headers: {
      "List-Id": `"${repo.owner}/${repo.name}" <repo-${repo.id}.${host}>`,
      "X-Millwright-Channel": channel,
      "X-Millwright-News": "released",
      "X-Millwright-Id": id,
    },
  };
}
