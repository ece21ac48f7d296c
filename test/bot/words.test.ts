import { expect, test } from "vitest";
import { checksOf } from "../../src/bot/check.ts";
import { rowsOf } from "../../src/bot/rows.ts";
import { summaryOf } from "../../src/bot/summary.ts";
import { because } from "../../src/bot/words/because.ts";
import { ledger } from "../../src/bot/words/ledger.ts";
import { type Notice, notices } from "../../src/bot/words/notices.ts";
import { rules } from "../../src/bot/words/rules.ts";
import { sticky, stickyMarker } from "../../src/bot/words/sticky.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { ADVISORY, BUILD, files, having, pullRun, pushRun, SOURCE, telling } from "./sample.ts";

/** All that the bot says, as people read it: a change of a sentence is a change of this picture. */

const said = (run: Run): string =>
  checksOf(run, telling)
    .map(({ name, title, summary }) => `## ${name}: ${title}\n\n${summary}\n`)
    .join("\n");

const passed = { state: "passed", files, build: "b:1" } as const;
const log = "cc -c greet.c\ngreet.c:3:17: error: expected ‘;’ before ‘return’\nmake: *** [greet.o] Error 1";

test("a pull request that was just opened", () => {
  expect(said(pullRun)).toMatchSnapshot();
});

test("a pull request that breaks the build", () => {
  const run = having(pullRun, {
    [SOURCE]: passed,
    [BUILD]: { state: "failed", because: log, build: "b:2" },
    [ADVISORY]: { state: "running", phase: "BUILD", build: "b:3", attempt: 2 },
  });
  expect(said(run)).toMatchSnapshot();
});

test("a push that was built, partly taken from an equal build, and published", () => {
  const run = having(pushRun, {
    [SOURCE]: passed,
    [BUILD]: passed,
    [ADVISORY]: { ...passed, build: undefined, facts: { "taken from": `${pushRun.id}#${ADVISORY}#1` } },
    "publish/devel": {
      state: "passed",
      facts: { snapshot: "20261121_01", url: "https://mirror.example/acme/os/devel" },
    },
    "backfill/devel": { state: "running" },
  });
  expect(said(run)).toMatchSnapshot();
});

test("a push whose sources could not be fetched", () => {
  const run = having(pushRun, {
    [SOURCE]: { state: "failed", because: "the host evil.example is not on the list of hosts", build: "b:1" },
    [BUILD]: { state: "skipped", because: SOURCE },
    [ADVISORY]: { state: "skipped", because: SOURCE },
    "publish/devel": { state: "skipped", because: BUILD },
    "backfill/devel": { state: "skipped", because: "publish/devel" },
  });
  expect(said(run)).toMatchSnapshot();
});

test("a pull request that was superseded, timed out, or met trouble", () => {
  const run = having(pullRun, {
    [SOURCE]: passed,
    [BUILD]: { state: "timed-out", because: because.timedOut },
    [ADVISORY]: { state: "errored", because: because.fault("the host went away"), attempt: 3 },
  });
  expect(said(run)).toMatchSnapshot("timed out, and in trouble");
  expect(
    said(having(pullRun, { [SOURCE]: { state: "cancelled", because: because.superseded("c".repeat(40)) } })),
  ).toMatchSnapshot("superseded");
});

test("the sticky comment", () => {
  const run = having(pullRun, { [SOURCE]: { state: "running", build: "b:1" } });
  const body = sticky({
    newest: { v: 1, sha: pullRun.trigger.sha, run: pullRun.id },
    run,
    title: summaryOf(run).title,
    rows: rowsOf(run, telling),
    answers: [],
  });
  expect(body.startsWith(stickyMarker)).toBe(true);
  expect(body).toMatchSnapshot();
});

test("notices", () => {
  const all: Record<string, Notice> = {
    untrusted: notices.untrusted(rules.neither, "a".repeat(40), "Riskier: …"),
    config: notices.config(".millwright.yml", [
      { line: 3, column: 5, because: "foo: nothing of this name is known here" },
    ]),
    noTargets: notices.noTargets(".millwright.yml"),
    nothing: notices.nothing([]),
  };
  expect(Object.keys(all).toSorted()).toEqual(Object.keys(notices).toSorted());
  expect(
    Object.entries(all)
      .map(([name, { title, summary }]) => `${name}: ${title}\n\n${summary}\n`)
      .join("\n"),
  ).toMatchSnapshot();
});

const WRONG = [{ wrong: "count" }, { wrong: "line" }, { wrong: "missing", name: "greet.rpm" }] as const;

test("reasons, and the ledger's verdicts", () => {
  const reasons = [
    because.noResults,
    ...WRONG.map((problem) => because.results(problem)),
    because.stopped,
    because.tooLarge("SHA256SUMS"),
    because.noFacts("facts.json"),
    because.timedOut,
    because.fault("no capacity"),
    because.superseded("c".repeat(40)),
    because.closed,
    because.leftQueue,
    because.person("maria"),
    because.noImage("debian-12", "s390x"),
  ];
  expect(reasons).toHaveLength(Object.keys(because).length + WRONG.length - 1);
  const verdicts = Object.values(ledger).map((one) => (typeof one === "string" ? one : one("main")));
  expect([...reasons, ...Object.values(rules), ...verdicts].join("\n")).toMatchSnapshot();
});

test("a config with very many mistakes names fifty of them", () => {
  const problems = Array.from({ length: 60 }, (_, i) => ({ line: i + 1, column: 1, because: "x" }));
  const { title, summary } = notices.config(".millwright.yml", problems);
  expect(title).toContain("60 mistakes");
  expect(summary.match(/^- line/gm)).toHaveLength(50);
});

test("a build of very many packages lists a hundred of them", () => {
  const many = Array.from({ length: 150 }, (_, i) => ({
    name: `p${i}.rpm`,
    size: 1,
    sha256: "0".repeat(64),
  }));
  const text = said(having(pullRun, { [SOURCE]: passed, [BUILD]: { ...passed, files: many } }));
  expect(text).toContain("and 50 more");
  expect(text.match(/^\| `p\d+\.rpm`/gm)).toHaveLength(100);
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [1536, "1.5 KiB"],
  [3 * 1024 ** 2, "3.0 MiB"],
  [5 * 1024 ** 3, "5.0 GiB"],
])("%d bytes are %s", (size, text) => {
  const one = [{ name: "a.rpm", size, sha256: "0".repeat(64) }];
  expect(said(having(pullRun, { [SOURCE]: passed, [BUILD]: { ...passed, files: one } }))).toContain(
    `| ${text} |`,
  );
});
