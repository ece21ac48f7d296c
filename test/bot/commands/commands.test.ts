import * as fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { type CommandName, commands } from "../../../src/bot/commands/table.ts";
import { type Said, readCommands } from "../../../src/bot/commands/commands.ts";
import { help } from "../../../src/bot/commands/help.ts";
import { cases } from "../../fuzz.ts";

const only = (body: string) => {
  const [said, ...rest] = readCommands(body);
  expect(rest).toEqual([]);
  return said;
};

describe("what people type is understood", () => {
  test.each([
    ["/build", { name: "build", arches: [], recipes: [] }],
    ["/Build", { name: "build", arches: [], recipes: [] }],
    ["/BUILD ARM64", { name: "build", arches: ["aarch64"], recipes: [] }],
    ["/build arm64 aarch64 Greet", { name: "build", arches: ["aarch64"], recipes: ["Greet"] }],
    [
      "/build amd64 x86-64\tx64  s390x ppc64el",
      { name: "build", arches: ["x86_64", "s390x", "ppc64le"], recipes: [] },
    ],
    ["/build toString __proto__", { name: "build", arches: [], recipes: ["toString", "__proto__"] }],
    ["/retry", { name: "retry", what: "failed" }],
    ["/retry Failed", { name: "retry", what: "failed" }],
    ["/retry rpm:a b:leap-x86_64", { name: "retry", job: "rpm:a b:leap-x86_64" }],
    ["/cancel", { name: "cancel" }],
    ["/cancel rpm:a:leap-x86_64", { name: "cancel", job: "rpm:a:leap-x86_64" }],
    ["/ack", { name: "ack" }],
    ["/ack 0a1b2c3", { name: "ack", sha: "0a1b2c3" }],
    [`/ack ${"f".repeat(40)}`, { name: "ack", sha: "f".repeat(40) }],
    ["/nack", { name: "nack" }],
    ["/nack it breaks the boot", { name: "nack" }],
    ["/why", { name: "why" }],
    ["/why rpm:a:leap-x86_64", { name: "why", job: "rpm:a:leap-x86_64" }],
    ["/eta", { name: "eta" }],
    ["/help", { name: "help" }],
  ])("%j", (line, command) => {
    expect(only(`Hello,\n${line}\n`)).toEqual({ kind: "command", line, command });
  });
});

describe("a known command with wrong words says what is wrong", () => {
  test.each([
    ["/ack 0a1b2c", "ack", "7 to 40"],
    [`/ack ${"f".repeat(41)}`, "ack", "7 to 40"],
    ["/ack 0A1B2C3", "ack", "lower case"],
    ["/ack looks good", "ack", "too many words"],
    ["/ack HEAD", "ack", "`HEAD` is no commit"],
    ["/build ppc64", "build", "Was `ppc64le` meant?"],
    ["/build greet S390", "build", "Was `s390x` meant?"],
    ["/build power", "build", "Was `ppc64le` meant?"],
    ["/build riscv64", "build", "Nothing is built for `riscv64` here."],
    [`/build${" x".repeat(51)}`, "build", "too many words"],
    [`/build ${"x".repeat(301)}`, "build", "at most 300"],
    [`/retry ${"x".repeat(301)}`, "retry", "at most 300"],
    ["/eta now", "eta", "`/eta`"],
    ["/help me", "help", "`/help`"],
  ])("%j", (line, name, because) => {
    expect(only(line)).toEqual({ kind: "wrong", line, name, because: expect.stringContaining(because) });
  });
});

describe("what is nearly a command, or another bot's, is answered with the nearest", () => {
  test.each<[string, CommandName]>([
    ["/biuld", "build"],
    ["/buidl arm64", "build"],
    ["/bulid", "build"],
    ["/build.", "build"],
    ["/builds", "build"],
    ["/Rebuild", "build"],
    ["/copr-build", "build"],
    ["/test", "build"],
    ["/retest", "retry"],
    ["/retyr", "retry"],
    ["/rebuild-failed", "retry"],
    ["/cancle", "cancel"],
    ["/stop", "cancel"],
    ["/akc", "ack"],
    ["/nak", "nack"],
    ["/hlep", "help"],
    ["/ok-to-test", "ack"],
  ])("%j", (line, nearest) => {
    expect(only(line)).toEqual({ kind: "unknown", line, name: line.slice(1).split(" ")[0], nearest });
  });
});

test.each([
  "/lgtm",
  "/approve",
  "/hold",
  "/assign @somebody",
  "/kind bug",
  "/close",
  "/cc @somebody",
  "/packit build",
  "/usr/bin/foo",
  "/etc",
  "/etc/fstab",
  "/build/foo.c",
  "/b",
  "/constructor",
  "/__proto__",
  "/büild!!",
  `/${"build".repeat(1000)}`,
])("%j is not for us, and nothing is said", (line) => {
  expect(readCommands(line)).toEqual([]);
});

test("several commands in one comment are read in its order, at most twenty", () => {
  const names = readCommands("/retry\n/why\nthanks\n\n/eta").map(
    (said) => said.kind === "command" && said.command.name,
  );
  expect(names).toEqual(["retry", "why", "eta"]);
  expect(
    readCommands("/eta\n".repeat(19) + "/lgtm\n".repeat(5) + "/why\n/help\n").map(({ line }) => line),
  ).toEqual([...Array.from({ length: 19 }, () => "/eta"), "/why"]);
});

describe("help", () => {
  const entries = Object.entries(commands);

  test("has a row for every command, with who may", () => {
    const tree = fromMarkdown(help(), { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
    const table = tree.children.find(({ type }) => type === "table");
    const rows = table && "children" in table ? table.children.slice(1) : [];
    const cells = rows.map((row) => help().slice(row.position?.start.offset, row.position?.end.offset));
    expect(cells).toEqual(
      entries.map(([, { usage, does }]) => expect.stringContaining(`| \`${usage}\` | ${does} |`)),
    );
  });

  test("is told on a comment that triggers nothing itself", () => {
    expect(readCommands(help())).toEqual([]);
  });

  test.each(entries)("%s: its usage begins with its name, and its examples are read as it", (name, entry) => {
    expect(entry.usage.split(" ")[0]).toBe(`/${name}`);
    const said = readCommands(entry.examples.join("\n"));
    expect(said.map((one) => one.kind === "command" && one.command.name)).toEqual(
      entry.examples.map(() => name),
    );
  });
});

test("who may: only committers ACK and move releases, contributors build, anyone asks", () => {
  expect(Object.fromEntries(Object.entries(commands).map(([name, { who }]) => [name, who]))).toEqual({
    build: "contributor",
    retry: "contributor",
    cancel: "contributor",
    ack: "committer",
    nack: "committer",
    promote: "committer",
    rollback: "committer",
    update: "committer",
    nightly: "committer",
    pin: "committer",
    unpin: "committer",
    accept: "committer",
    drop: "committer",
    why: "anyone",
    eta: "anyone",
    help: "anyone",
  });
});

/** What a command may hold at most. */
const isBounded = (said: Said): boolean => {
  if (said.kind !== "command") return true;
  const { command } = said;
  if (command.name === "build") return command.arches.length <= 4 && command.recipes.length <= 50;
  if (command.name === "ack") return command.sha === undefined || /^[0-9a-f]{7,40}$/.test(command.sha);
  if ("channel" in command && (command.channel ?? "").length > 300) return false;
  return !("job" in command) || command.job.length <= 300;
};

test("whatever words follow, what is read keeps to its bounds", () => {
  const word = fc.oneof(
    fc.constantFrom("arm64", "ppc64", "failed", "0a1b2c3", "x".repeat(301), "__proto__", "\t", "  "),
    fc.string({ unit: "binary", maxLength: 8 }),
  );
  const line = fc
    .tuple(fc.constantFrom(...Object.keys(commands), "retest", "biuld", "x"), fc.array(word))
    .map(([name, words]) => `/${name} ${words.join(" ")}`);
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const said = readCommands(lines.join("\n"));
      expect(said.length).toBeLessThanOrEqual(20);
      expect(said.filter((one) => !isBounded(one))).toEqual([]);
    }),
    { numRuns: cases() },
  );
});
