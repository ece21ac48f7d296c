import * as fc from "fast-check";
import { checksOf, type Telling } from "../../src/bot/check/check.ts";
import { rowsOf } from "../../src/bot/check/rows.ts";
import type { Answer } from "../../src/bot/review/review.ts";
import { reviewCheck } from "../../src/bot/check/review.ts";
import { RISKS } from "../../src/bot/risk/kinds.ts";
import { summaryOf } from "../../src/bot/check/summary.ts";
import { why } from "../../src/bot/commands/why.ts";
import { answers } from "../../src/bot/words/answers.ts";
import { wrongs } from "../../src/bot/words/commands.ts";
import { planSummary } from "../../src/bot/words/config-plan.ts";
import { eta } from "../../src/bot/words/eta.ts";
import { install } from "../../src/bot/words/install.ts";
import { leftBecause, leftMistake, leftNoTree, leftUnbuilt } from "../../src/bot/words/left.ts";
import { notices } from "../../src/bot/words/notices.ts";
import { riskList } from "../../src/bot/words/risk.ts";
import { rules } from "../../src/bot/words/rules.ts";
import { sticky } from "../../src/bot/words/sticky.ts";
import type { Run, Trigger } from "../../src/pipelines/run.ts";
import { type Stage, StageState } from "../../src/pipelines/stage.ts";
import { KINDS } from "../../src/pipelines/log/patterns-signs.ts";
import { laid } from "../pipelines/laid.ts";
import { foreign } from "./foreign.ts";

/** All that the bot says, made of records in which every word that can be foreign is. */

const AT = "2026-11-21T10:00:00.000Z";
const few = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { minLength: 1, maxLength: 2 });
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });

const problem = fc.record({
  line: fc.nat(9999),
  column: fc.nat(9999),
  because: foreign,
  suggestion: foreign,
});

const left = fc.oneof(
  fc.record({
    what: foreign,
    because: few(foreign).map((paths) => leftBecause({ rule: "untouched", paths })),
  }),
  fc.record({
    what: foreign,
    because: fc.constantFrom(leftUnbuilt("service"), leftNoTree),
  }),
  problem.map(leftMistake),
);

const trigger: fc.Arbitrary<Trigger> = fc.oneof(
  fc.record({
    kind: fc.constant("pull" as const),
    number: fc.nat(),
    sha: foreign,
    base: foreign,
    branch: foreign,
  }),
  fc.record({ kind: fc.constant("push" as const), sha: foreign, branch: foreign }),
  fc.record({ kind: fc.constant("queue" as const), sha: foreign, base: foreign, branch: foreign }),
);

const change: fc.Arbitrary<Partial<Stage>> = fc.record({
  state: fc.constantFrom(...StageState.options),
  attempt: fc.integer({ min: 1, max: 3 }),
  because: maybe(foreign),
  build: maybe(foreign),
  phase: foreign,
  pool: foreign,
  readyAt: fc.constant(AT),
  startedAt: fc.constant(AT),
  trouble: maybe(fc.record({ kind: fc.constantFrom(...KINDS), scriptlet: foreign, guessed: fc.boolean() })),
  files: few(fc.record({ name: foreign, size: fc.nat(9999), sha256: foreign })),
  facts: maybe(
    fc.tuple(foreign, foreign, foreign).map(([name, value, from]) => ({ [name]: value, "taken from": from })),
  ),
}) as fc.Arbitrary<Partial<Stage>>;

const run: fc.Arbitrary<Run> = fc
  .record({
    trigger,
    names: few(fc.tuple(foreign, foreign)),
    target: foreign,
    repo: fc.tuple(foreign, foreign),
  })
  .chain(({ trigger, names, target, repo: [owner, name] }) => {
    const asked = laid({
      repo: { id: 1, owner, name, installation: 2, private: false, node: "R_1" },
      trigger,
      zone: trigger.kind === "push" ? "trusted" : "untrusted",
      at: AT,
      channel: trigger.kind === "pull" ? `pr/${trigger.number}` : target,
      recipes: names.map(([recipe, path]) => ({ kind: "rpm", name: recipe, path })),
      targets: { [target]: { x86_64: "required", aarch64: "advisory" } },
    });
    const { length } = asked.stages;
    return fc
      .record({
        changes: fc.array(change, { minLength: length, maxLength: length }),
        leave: fc.record({ rule: fc.oneof(foreign, fc.constantFrom(...Object.keys(rules))), by: foreign }),
        left: few(left),
      })
      .map(({ changes, leave, left }): Run => ({
        ...asked,
        leave,
        left,
        stages: asked.stages.map((stage, i) => ({ ...stage, ...changes[i] })),
      }));
  });

const telling = (run: Run): Telling => ({
  logUrl: (attempt) => `https://logs.example/${attempt}`,
  web: "https://github.com",
  imageOf: () => run.repo.name,
  waits: new Map(run.stages.map(({ name }) => [name, { before: 3, seconds: 300 }])),
});

const risks = fc
  .tuple(
    few(fc.record({ path: foreign, line: fc.nat(9999), what: fc.constantFrom(...RISKS), text: foreign })),
    foreign,
  )
  .map(([found, since]) => riskList(found, since));

const answer: fc.Arbitrary<string> = fc
  .tuple(few(foreign), foreign, foreign)
  .chain(([names, one, other]) =>
    fc.constantFrom(
      answers.unknown(one, "help"),
      answers.wrong(wrongs.noSha(one)),
      answers.wrong(wrongs.otherArch(one, other)),
      answers.wrong(wrongs.tooMany("/eta")),
      answers.noJob(one, names),
      answers.acked(one),
      answers.ackedNotBuilt(one, other),
      answers.notBuilt(one),
      answers.otherHead(one, other),
      answers.raced(one),
      answers.nacked(one),
      answers.building(names),
      answers.again(names),
      answers.alreadyBuilt(names),
      answers.noSuchArch(names, [one]),
      answers.stopped(names),
      answers.untouched,
    ),
  );

const kept: fc.Arbitrary<Answer> = fc.record({
  comment: fc.nat(),
  by: foreign,
  line: foreign,
  said: answer,
  at: fc.constant(AT),
});

const voice = fc.record({
  person: fc.record({ id: fc.integer({ min: 1, max: 4 }), login: foreign }),
  kind: fc.constantFrom("ack" as const, "nack" as const),
  sha: foreign,
  at: fc.constant(AT),
});

/** Each kind of text, by name; the texts of one case. */
export const said: Readonly<Record<string, fc.Arbitrary<readonly string[]>>> = {
  "checks of a run": run.map((run) => checksOf(run, telling(run)).map(({ summary }) => summary)),
  "the comment of a run": fc.tuple(run, fc.array(kept, { maxLength: 6 })).map(([run, answers]) => [
    sticky({
      newest: { v: 1, sha: run.trigger.sha, run: run.id },
      run,
      title: summaryOf(run).title,
      rows: rowsOf(run, telling(run)),
      answers,
    }),
  ]),
  "the comment of what is not built": fc
    .tuple(foreign, maybe(foreign), risks, few(kept))
    .map(([sha, refused, risks, answers]) => [
      sticky({
        newest: { v: 1, sha, ...(refused !== undefined && { refused }), risks },
        run: undefined,
        title: undefined,
        rows: [],
        answers,
      }),
    ]),
  answers: answer.map((one) => [one]),
  "why and eta": fc.tuple(run, foreign).map(([run, word]) => [
    why(run, { leave: { may: true, rule: "acked" }, sha: word }),
    why(run, { leave: { may: true, rule: "acked" }, sha: word, job: run.jobs[0]?.recipe.name }),
    why(run, { leave: { may: true, rule: "acked" }, sha: word, job: run.left[0]?.what }),
    why(run, { leave: { may: true, rule: "acked" }, sha: word, job: word }),
    why(undefined, { leave: { may: false, rule: "neither" }, sha: word }),
    why(undefined, { leave: { may: true, rule: "trusted" }, sha: word }),
    eta(run, {
      waits: new Map(run.stages.map(({ name }) => [name, { before: 3, seconds: 300 }])),
      estimate: { run: 10, jobs: new Map(run.jobs.map(({ name }) => [name, 300])) },
    }),
  ]),
  notices: fc
    .tuple(foreign, few(problem), few(left), risks)
    .map(([sha, problems, left, risks]) => [
      notices.untrusted(rules.neither, sha, risks).summary,
      notices.config(".millwright.yml", problems).summary,
      notices.nothing(left).summary,
    ]),
  "plans of proposed rules": fc.oneof(
    few(problem).map((mistakes) => [planSummary({ mistakes })]),
    few(
      fc.record({
        what: fc.constantFrom("committer" as const, "job" as const, "setting" as const),
        name: foreign,
        now: foreign,
        proposed: foreign,
      }),
    ).map((changes) => [planSummary({ changes })]),
  ),
  risks: risks.map((one) => [one]),
  "how to install": fc
    .tuple(foreign, foreign, foreign, few(foreign))
    .map(([repo, channel, target, packages]) => [
      install({ repo, channel, target, url: "https://mirror.example/acme", packages }),
    ]),
  reviews: fc
    .tuple(fc.array(voice, { maxLength: 4 }), foreign, maybe(fc.nat(9)))
    .map(([voices, sha, lazyDays]) => [
      reviewCheck(7, {
        rules: { acks: 2, lazyDays },
        voices,
        committers: [1, 2, 3],
        author: 3,
        sha,
        since: AT,
        now: AT,
      }).summary,
    ]),
};
