import { checksOf } from "../../src/bot/check/check.ts";
import { why } from "../../src/bot/commands/why.ts";
import { pinAnswers } from "../../src/bot/words/pins.ts";
import { ledger } from "../../src/bot/words/ledger.ts";
import { nightlyAnswers } from "../../src/bot/words/nightly.ts";
import { promotionAnswers } from "../../src/bot/words/promotion.ts";
import { backAnswers } from "../../src/bot/words/rollback.ts";
import { stopAnswers } from "../../src/bot/words/stop-release.ts";
import { plan } from "../../src/pipelines/plan.ts";
import type { Release } from "../../src/pipelines/release/release.ts";
import type { RefusalBack } from "../../src/pipelines/release/rollback-gate.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { pushRun, telling } from "./sample.ts";
import { notesPages } from "./words-page-notes.ts";

const [NUMBER, OLD] = ["20261121_03", "20261120_01"];
const { repo, at } = pushRun;
const of = { channel: "release", branch: "main", sha: "a".repeat(40), number: NUMBER };

const back = plan({
  repo,
  trigger: { kind: "rollback", of: OLD, ...of },
  zone: "trusted",
  leave: { rule: "rollback", by: "maria" },
  left: [],
  channel: "release",
  at,
  work: [],
});
const standing = (state: "ready" | "passed" | "failed", because?: string): Run => ({
  ...back,
  stages: back.stages.map((stage) => ({ ...stage, state, ...(because && { because }) })),
});

/** A nightly that came to its channel. */
const night = plan({
  repo,
  trigger: { kind: "nightly", ...of, channel: "nightly" },
  zone: "trusted",
  leave: { rule: "nightly" },
  left: [],
  channel: "nightly",
  at,
  work: pushRun.jobs.map(({ recipe, target, arch, tier }) => ({ recipe, target, arch, tier })),
});
const published: Run = {
  ...night,
  stages: night.stages.map((stage) => ({
    ...stage,
    state: "passed",
    facts:
      stage.kind === "publish"
        ? { "repository for leap": "https://mirror.example/acme/os/nightly/os-nightly-leap.repo" }
        : {},
  })),
};

const release: Release = {
  v: 1,
  number: NUMBER,
  channel: "release",
  of: OLD,
  repo,
  asked: "a rollback",
  at,
  branch: "main",
  inputs: { sha: of.sha, jobs: [] },
};
const named = { channel: "release", number: OLD };
const wanted = { ...named, from: "nightly" };

const REFUSALS: Readonly<Record<RefusalBack["rule"], RefusalBack>> = {
  channel: { rule: "channel" },
  known: { rule: "known" },
  published: { rule: "published" },
  other: { rule: "other", now: NUMBER, of: OLD },
  alone: { rule: "alone", number: NUMBER },
};

const asked = { leave: { may: true, rule: "canWrite" }, sha: of.sha } as const;

/** What is said of channels that go back, of releases that are kept, and of those that go first. */
export const releasePages = (): Readonly<Record<string, string>> => ({
  ...notesPages(),
  "A release": checksOf(published, telling)
    .map(({ name, title, summary }) => `### ${name}: ${title}\n\n${summary}`)
    .join("\n\n"),
  "A channel that goes back": [standing("ready"), standing("passed"), standing("failed", "no such snapshot")]
    .flatMap((run) => checksOf(run, telling))
    .map(({ name, title, summary }) => `### ${name}: ${title}\n\n${summary}`)
    .join("\n\n"),
  "Answers to /rollback": [
    backAnswers.started(release, undefined),
    backAnswers.started(release, "2026-11-20"),
    backAnswers.refused(named, Object.values(REFUSALS)),
    why(standing("ready"), asked),
  ].join("\n\n"),
  "Answers to /pin and /unpin": [
    pinAnswers.pinned(named, "maria", {
      "debian-12": `https://mirror.example/acme/os/release/releases/${OLD}/os-release-debian-12.repo`,
    }),
    pinAnswers.unpinned(named),
    pinAnswers.notPinned(named),
    pinAnswers.notPublished(named),
  ].join("\n\n"),
  "Answers to /nightly": [
    nightlyAnswers.none,
    nightlyAnswers.which(["nightly", "weekly"]),
    nightlyAnswers.started("nightly", ledger.night(NUMBER)),
    nightlyAnswers.nothing("nightly", ledger.unchanged(OLD)),
  ].join("\n\n"),
  "Answers to /cancel of a release": Object.values(stopAnswers)
    .map((said) => said(named))
    .join("\n\n"),
  "Answers to /promote": [
    promotionAnswers.started(wanted, of.sha, { asked: false, has: false }),
    promotionAnswers.started(wanted, of.sha, { asked: true, has: true }),
    promotionAnswers.started(wanted, of.sha, { asked: true, has: false }),
    promotionAnswers.refused(wanted, [
      { rule: "built", of: OLD },
      { rule: "free" },
      { rule: "alone", number: NUMBER },
    ]),
    promotionAnswers.none,
    promotionAnswers.which(["release", "stable"]),
  ].join("\n\n"),
});
