import { expect, test } from "vitest";
import { checksOf } from "../../src/bot/check/check.ts";
import { answers } from "../../src/bot/words/answers.ts";
import { notices } from "../../src/bot/words/notices.ts";
import { sticky } from "../../src/bot/words/sticky.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { BUILD, files, having, pullRun, SOURCE, telling } from "./sample.ts";

const said = (run: Run): string =>
  checksOf(run, telling)
    .map(({ summary }) => summary)
    .join("\n");

const passed = { state: "passed", files, build: "b:1" } as const;

const row = (i: number, is: "bad" | "open" | "passed") => ({
  name: `rpm:${i}`,
  state: is,
  url: `https://logs.example/${"x".repeat(100)}`,
  is,
});

const newest = { v: 1, sha: "a".repeat(40), run: pullRun.id } as const;

const comment = (rows: number, answerSize: number): string =>
  sticky({
    newest,
    run: pullRun,
    title: undefined,
    rows: Array.from({ length: rows }, (_, i) => row(i, i % 100 === 99 ? "bad" : "passed")),
    answers: Array.from({ length: 6 }, (_, comment) => ({
      comment,
      by: `p${comment}`,
      line: "/why",
      said: "ä\n".repeat(answerSize),
      at: "2026-11-21T10:00:00.000Z",
    })),
  });

test("a comment of hundreds of jobs shows first what did not pass, and counts the rest", () => {
  const text = comment(500, 1);
  expect(text.match(/^\| `rpm:\d+`/gm)).toHaveLength(60);
  expect(text.indexOf("`rpm:499`")).toBeLessThan(text.indexOf("`rpm:0`"));
  expect(text).toContain("And 440 more, which passed; each has a check of its own.");
});

test("a comment with six long answers fits GitHub's limit, and loses the oldest first", () => {
  const text = comment(500, 8000);
  expect(Buffer.byteLength(text)).toBeLessThan(65_536);
  expect(text).toContain("`p5` asked `/why`");
  expect(text).toContain("`/help` in a new comment");
  expect(comment(3, 1)).toContain("`p0` asked `/why`");
});

test("a word that nothing is called by is answered also where nothing has a name", () => {
  expect(answers.noJob("x", [])).toBe("Nothing here is called `x`.");
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
