import { promotedOf } from "../../bot/config/promotions.ts";
import type { MailsMessage } from "../../bot/mails.ts";
import { isSamePage, pageWith } from "../../bot/check/release-page.ts";
import { releaseName, releaseNotes } from "../../bot/words/release-notes.ts";
import {
  type Announcement,
  announcementKey,
  isAnnounced,
  newsOf,
  tellerOf,
  withNews,
} from "../../pipelines/release/announcement.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import { RELEASE_FILE, ReleaseDocument } from "../../pipelines/release/release-document.ts";
import type { Run } from "../../pipelines/run.ts";
import type { GitHub } from "../../ports-github.ts";
import type { Blobs, Clock, Log, Queue, Records } from "../../ports.ts";
import { changeRecord } from "../change-record.ts";
import { rulesOfRun } from "../rules-of-run.ts";

export interface AnnouncePorts {
  readonly github: Pick<GitHub, "file" | "tag" | "release" | "writeRelease" | "defaultBranch">;
  readonly announcements: Records<Announcement>;
  readonly blobs: Pick<Blobs, "get">;
  readonly mails: Queue<MailsMessage>;
  readonly deployment: Pick<Deployment, "mail" | "targets" | "defaults" | "aliases">;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Tells people of a release that is on the mirror: a GitHub Release where the rules ask for one, and a mail. What was done
 * is written down step by step; whatever a crash leaves undone is done when the run is reported again, and nothing twice.
 */
export async function announceRelease(ports: AnnouncePorts, run: Run): Promise<void> {
  const document = isAnnounced(run) ? await documentOf(ports, run) : undefined;
  if (!document) return;
  const key = announcementKey(run.repo.id, document.channel, document.release);
  const told = newsOf(document);
  const record = await changeRecord(ports.announcements, key, (was) => withNews(was, run.id, told));
  if (!record?.page || record.page.because !== undefined) {
    const page = { ...(await showPage(ports, run, { document, told })), at: ports.clock() };
    ports.log("release page", { run: run.id, ...page });
    await changeRecord(ports.announcements, key, (was) => was && { ...was, page });
  }
  if (!record?.mail && ports.deployment.mail) {
    const { channel, release: number } = document;
    const group = `${run.repo.id}/channel/${channel}`;
    await ports.mails.send(
      { v: 1, repo: run.repo, released: { channel, number } },
      { group, once: `${group} ${number}` },
    );
    await changeRecord(ports.announcements, key, (was) => was && { ...was, mail: { at: ports.clock() } });
  }
}

/** What the publisher told that the release is made of. */
async function documentOf({ blobs, log }: AnnouncePorts, run: Run): Promise<ReleaseDocument | undefined> {
  const { prefix, files = [] } = tellerOf(run) ?? {};
  if (prefix === undefined) return undefined;
  const size = files.find(({ name }) => name === RELEASE_FILE)?.size ?? 0;
  const there = size > SIZE_MAX ? undefined : await blobs.get(prefix + RELEASE_FILE);
  const read = there && ReleaseDocument.safeParse(jsonOf(there.value));
  // It stays as it is, and must not keep the run from being reported.
  if (!read?.success) log("no release document", { run: run.id, size, error: read?.error.message });
  return read?.data;
}

const SIZE_MAX = 32 * 1024 * 1024;

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

type Page = Omit<NonNullable<Announcement["page"]>, "at">;

interface Told {
  readonly document: ReleaseDocument;
  readonly told: Announcement["told"];
}

/** Makes the GitHub Release, or edits the one that somebody made: their words stay. */
async function showPage(ports: AnnouncePorts, run: Run, { document, told }: Told): Promise<Page> {
  const { github } = ports;
  const { repo } = run;
  const { commit: sha } = document;
  const tag = await tagFor(ports, run, document);
  if (tag === undefined) return {};
  const tagged = await github.tag(repo, tag);
  if (tagged !== undefined && tagged !== sha) return { because: `${tag} names another commit` };
  const there = await github.release(repo, tag);
  const body = pageWith(there?.body, releaseNotes(told, document));
  if (there && isSamePage(there.body, body)) return { url: there.url };
  const written = await github.writeRelease(repo, { tag, sha, name: releaseName(told), body, id: there?.id });
  if (written.kind === "limited")
    throw new Error(`GitHub takes no more writes of installation ${repo.installation} for now`);
  return written.kind === "refused" ? { because: written.because } : { url: written.url };
}

/** The tag that asked for the release, or the one that could have; nothing, if the rules ask for no GitHub Release. */
async function tagFor(
  ports: AnnouncePorts,
  { repo, trigger }: Run,
  { channel, release }: ReleaseDocument,
): Promise<string | undefined> {
  const { channels } = (await rulesOfRun(ports, repo)) ?? {};
  const rule = promotedOf(channels).find((one) => one.channel === channel);
  if (!rule || !channels?.[channel]?.githubRelease) return undefined;
  const asked = trigger.kind === "promotion" ? trigger.tag : undefined;
  return asked ?? rule.tags + release;
}
