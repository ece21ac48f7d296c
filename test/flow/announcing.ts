import type { Letter } from "../../src/bot/letter.ts";
import { announceRelease } from "../../src/flow/tell/announce-release.ts";
import { sendMail } from "../../src/flow/tell/send-mail.ts";
import { type Announcement, announcementKey } from "../../src/pipelines/release/announcement.ts";
import type { ReleaseDocument } from "../../src/pipelines/release/release-document.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { having } from "../bot/sample.ts";
import { laid } from "../pipelines/laid.ts";
import { AT, repo, SHA, type World, world } from "./world.ts";

export const RULES = `channels:
  nightly: { branch: main, nightly: "02:00" }
  release: { from: nightly, tags: v, githubRelease: true }
notifications: { mail: [devel@lists.example.org] }
`;
export const NUMBER = "20261121_02";
export const TAG = `v${NUMBER}`;
export const PAGE = `https://github.com/acme/os/releases/tag/${TAG}`;
const { ownerId: _o, defaultBranch: _d, ...at } = repo;

export const documentOf = (number = NUMBER, source = "greet"): ReleaseDocument => ({
  release: number,
  repository: "acme/os",
  channel: "release",
  at: AT,
  commit: SHA,
  branch: "main",
  from: "nightly",
  "support-until": "2027-12-31",
  previous: "20261120_01",
  targets: [
    {
      target: "debian-12",
      snapshot: "https://mirror.example/acme/os/release/debian-12/snapshots/000002/",
      repo: "https://mirror.example/acme/os/release/os-release-debian-12.repo",
      "pinned-repo": `https://mirror.example/acme/os/release/releases/${number}/os-release-debian-12.repo`,
      arches: ["x86_64"],
      packages: [
        {
          name: source,
          version: "1.1-1",
          arch: "x86_64",
          source,
          location: `https://mirror.example/acme/os/release/debian-12/pool/11/${source}-1.1-1.x86_64.rpm`,
          sha256: "1".repeat(64),
          size: 1000,
        },
      ],
    },
  ],
  changes: [
    {
      kind: "updated",
      source,
      from: "1.0-1",
      to: "1.1-1",
      targets: ["debian-12"],
      changelog: [
        { day: "2026-11-18", author: "Maria Doe <maria@example.org>", text: "- Says ``` and @all" },
      ],
    },
  ],
  changelogs: {},
});

/** A promotion whose publisher is done, and what it left behind. */
export async function published(town: World, number = NUMBER, tag?: string): Promise<Run> {
  const run = laid({
    repo: at,
    trigger: {
      kind: "promotion",
      channel: "release",
      from: "nightly",
      number,
      branch: "main",
      sha: SHA,
      ...(tag !== undefined && { tag }),
    },
    zone: "trusted",
    at: AT,
    recipes: [{ kind: "rpm", name: "greet", path: "greet.spec" }],
    targets: { "debian-12": { x86_64: "required" } },
    channel: "release",
  });
  const prefix = `results/${run.id}/publish/release/1/`;
  const files = [{ name: "release.json", size: 10, sha256: "1".repeat(64) }];
  await leave(town, prefix, documentOf(number));
  return having(run, {
    "publish/release": { state: "passed", attempt: 1, prefix, files, endedAt: AT },
  });
}

export const leave = (town: World, prefix: string, document: ReleaseDocument) =>
  town.ports.blobs.put(`${prefix}release.json`, JSON.stringify(document));

export function announcing(rules = RULES) {
  const town = world();
  town.ports.deployment = { ...town.ports.deployment, mail: { from: "bot@example.org" } };
  town.github.files.set(".millwright.yml", rules);
  const letters: Letter[] = [];
  const mail = {
    send: async (letter: Letter) => {
      letters.push(letter);
      return letter.messageId;
    },
  };
  const post = async () => {
    for (const message of town.ports.mails.sent.splice(0)) await sendMail({ ...town.ports, mail })(message);
  };
  const record = async (number = NUMBER): Promise<Announcement | undefined> =>
    (await town.ports.announcements.read(announcementKey(1, "release", number)))?.value;
  const writes = () => town.github.writes.filter((one) => one.startsWith("writeRelease"));
  return { town, letters, post, record, writes, announce: (run: Run) => announceRelease(town.ports, run) };
}

/** Ports of which the nth effect is the last: before it happened, or after it but before anybody heard of it. */
export function dying(town: World, nth: number, when: "before" | "after"): World["ports"] {
  let count = 0;
  const effect = async <R>(work: () => Promise<R>): Promise<R> => {
    count += 1;
    if (count === nth && when === "before") throw new Error("crash");
    const result = await work();
    if (count === nth) throw new Error("crash");
    return result;
  };
  const { announcements, github, mails } = town.ports;
  return {
    ...town.ports,
    announcements: {
      ...announcements,
      create: (...of) => effect(() => announcements.create(...of)),
      replace: (...of) => effect(() => announcements.replace(...of)),
    },
    github: { ...github, writeRelease: (...of) => effect(() => github.writeRelease(...of)) },
    mails: { ...mails, send: (...of) => effect(() => mails.send(...of)) },
  };
}
