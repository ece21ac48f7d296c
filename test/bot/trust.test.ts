import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Ack, type Claim, mayBuild, zoneOf } from "../../src/bot/trust.ts";
import { rules } from "../../src/bot/words/rules.ts";

const [AUTHOR, COMMITTER, STRANGER] = [12, 34, 56];
const HEAD = "a".repeat(40);
const OLD = "b".repeat(40);

const EVENTS = ["pull", "push", "queue", "rerun", "command"] as const;
const FORKS = [true, false, "gone"] as const;
const VOICES = ["nobody", "committer", "writer", "stranger", "the author"] as const;

const claim: Claim = {
  event: "pull",
  fork: true,
  headOwner: AUTHOR,
  sha: HEAD,
  author: { id: AUTHOR, canWrite: false },
  committers: [COMMITTER],
  trusted: [],
  acks: [],
};

const ack = (id: number, sha: string, canWrite = false): Ack => ({
  person: { id, login: `p${id}`, canWrite },
  sha,
});

describe("a pull request of author 12", () => {
  test.each([
    { of: "who may write", given: { author: { id: 12, canWrite: true } }, says: "canWrite" },
    { of: "who is a committer", given: { committers: [1, 12] }, says: "committer" },
    {
      of: "that Millwright itself opened, from a branch of the repository",
      given: { fork: false, isOwn: true },
      says: "ownUpdate",
    },
    {
      of: "whose commit is Millwright's, but in a fork",
      given: { fork: true, isOwn: true },
      says: "neither",
    },
    { of: "whom the config trusts", given: { trusted: [1, 12, 3] }, says: "trusted" },
    {
      of: "who is trusted, from a fork that is gone: nobody knows who pushed there",
      given: { fork: "gone", headOwner: null, trusted: [12] },
      says: "neither",
    },
    {
      of: "who may write, from a fork to which somebody else pushes",
      given: { headOwner: STRANGER, author: { id: 12, canWrite: true } },
      says: "neither",
    },
    { of: "whom nobody knows", given: {}, says: "neither" },
    { of: "whom nobody knows, in the repository itself", given: { fork: false }, says: "neither" },
    {
      of: "whose id only looks like trusted ones",
      given: { trusted: [1, 2, 120, 112, 1212] },
      says: "neither",
    },
    {
      of: "with a committer's ACK on the head",
      given: { acks: [ack(COMMITTER, HEAD)] },
      says: "acked",
      by: `p${COMMITTER}`,
    },
    {
      of: "with a writer's ACK on the head",
      given: { acks: [ack(99, HEAD, true)] },
      says: "acked",
      by: "p99",
    },
    {
      of: "with a committer's ACK on another commit",
      given: { acks: [ack(COMMITTER, OLD)] },
      says: "otherCommit",
    },
    {
      of: "with a committer's ACK on the head in capitals",
      given: { acks: [ack(COMMITTER, HEAD.toUpperCase())] },
      says: "otherCommit",
    },
    {
      of: "with a committer's ACK on the head's first twelve digits",
      given: { acks: [ack(COMMITTER, HEAD.slice(0, 12))] },
      says: "otherCommit",
    },
    { of: "with a stranger's ACK", given: { acks: [ack(STRANGER, HEAD)] }, says: "notCommitter" },
    { of: "with an ACK of their own", given: { acks: [ack(AUTHOR, HEAD)] }, says: "notCommitter" },
    {
      of: "with an ACK of one who is no committer any more",
      given: { committers: [], acks: [ack(COMMITTER, HEAD)] },
      says: "notCommitter",
    },
    {
      of: "with an old ACK by a committer and a new one by a stranger",
      given: { acks: [ack(COMMITTER, OLD), ack(STRANGER, HEAD)] },
      says: "otherCommit",
    },
  ] as const)("$of: $says", ({ given, says, ...row }) => {
    const may = ["canWrite", "committer", "trusted", "acked", "ownUpdate"].includes(says);
    expect(mayBuild({ ...claim, ...given })).toEqual({ may, rule: says, ...("by" in row && { by: row.by }) });
  });
});

test.each([
  ["push", false, "ownBranch"],
  ["push", true, "neither"],
  ["push", "gone", "neither"],
  ["queue", false, "queue"],
  ["queue", true, "neither"],
  ["queue", "gone", "neither"],
  ["rerun", false, "neither"],
  ["command", false, "neither"],
] as const)("a %s by somebody unknown, from elsewhere: %j -> %s", (event, fork, rule) => {
  expect(mayBuild({ ...claim, event, fork })).toEqual({ may: rule !== "neither", rule });
});

interface Row extends Pick<Claim, "event" | "fork"> {
  /** Whose the fork is. */
  readonly owner: "the author" | "somebody else";
  readonly canWrite: boolean;
  readonly named: "committer" | "trusted" | "no";
  readonly voice: (typeof VOICES)[number];
  readonly onHead: boolean;
  readonly onProtected: boolean;
}

/** Every combination of event x fork x permission x config x ACK x SHA match x where the commit stands. */
const DIMENSIONS = {
  event: EVENTS,
  fork: FORKS,
  owner: ["the author", "somebody else"],
  canWrite: [true, false],
  named: ["committer", "trusted", "no"],
  voice: VOICES,
  onHead: [true, false],
  onProtected: [true, false],
} as const satisfies { [Dimension in keyof Row]: readonly Row[Dimension][] };

const rows = (): Row[] =>
  Object.entries(DIMENSIONS).reduce<object[]>(
    (all, [dimension, values]) =>
      all.flatMap((row) => values.map((value) => ({ ...row, [dimension]: value }))),
    [{}],
  ) as Row[];

const claimOf = ({ event, fork, owner, canWrite, named, voice, onHead }: Row): Claim => {
  const sha = onHead ? HEAD : OLD;
  const acks = {
    nobody: [],
    committer: [ack(COMMITTER, sha)],
    writer: [ack(STRANGER, sha, true)],
    stranger: [ack(STRANGER, sha)],
    "the author": [ack(AUTHOR, sha, canWrite)],
  }[voice];
  return {
    event,
    fork,
    headOwner: fork === "gone" ? null : owner === "the author" ? AUTHOR : STRANGER,
    sha: HEAD,
    author: { id: AUTHOR, canWrite },
    committers: named === "committer" ? [COMMITTER, AUTHOR] : [COMMITTER],
    trusted: named === "trusted" ? [AUTHOR] : [],
    acks,
  };
};

/** Who opened it and only they can have pushed. */
const isTheirs = ({ fork, owner }: Row): boolean =>
  fork === false || (fork === true && owner === "the author");

const mayAck = ({ voice, canWrite, named }: Row): boolean =>
  ["committer", "writer"].includes(voice) || (voice === "the author" && (canWrite || named === "committer"));

/** The same rules, told as a list of who is let in. */
const isLetIn = (row: Row): boolean =>
  [
    `${row.event} ${row.fork}` === "push false",
    `${row.event} ${row.fork}` === "queue false",
    row.canWrite && isTheirs(row),
    row.named !== "no" && isTheirs(row),
    row.onHead && mayAck(row),
  ].includes(true);

test("every combination is decided as the list of who is let in says", () => {
  const all = rows();
  expect(all).toHaveLength(5 * 3 * 2 * 2 * 3 * 5 * 2 * 2);
  for (const row of all) {
    const leave = mayBuild(claimOf(row));
    expect({ ...row, may: leave.may }).toEqual({ ...row, may: isLetIn(row) });
    expect(Object.keys(rules)).toContain(leave.rule);
  }
});

test("every combination that is refused says what was missing", () => {
  for (const row of rows().filter((row) => !isLetIn(row))) {
    const said = mayAck(row) ? "otherCommit" : "notCommitter";
    expect(mayBuild(claimOf(row)).rule).toBe(row.voice === "nobody" ? "neither" : said);
  }
});

test("of all combinations only a push to a protected branch of the repository itself is trusted", () => {
  const trusted = rows().filter((row) => zoneOf(row) === "trusted");
  expect(new Set(trusted.map((row) => `${row.event} ${row.fork} ${row.onProtected}`))).toEqual(
    new Set(["push false true"]),
  );
});

const id = fc.integer({ min: 1, max: 60 });
const sha = fc.constantFrom(HEAD, OLD, HEAD.slice(1), "");
const anyAck = fc.record({ person: fc.record({ id, login: id.map(String), canWrite: fc.boolean() }), sha });
const anyClaim = fc.record({
  event: fc.constantFrom(...EVENTS),
  fork: fc.constantFrom(...FORKS),
  headOwner: fc.option(id),
  sha: fc.constant(HEAD),
  author: fc.record({ id, canWrite: fc.boolean() }),
  committers: fc.array(id),
  trusted: fc.array(id),
  acks: fc.array(anyAck),
});

test("a stranger's commit is built only with an ACK on that very commit by somebody who may", () => {
  const stranger = anyClaim.map((one): Claim => {
    const notTheirs = (ids: number[]) => ids.filter((other) => other !== one.author.id);
    return {
      ...one,
      fork: one.fork || "gone",
      author: { ...one.author, canWrite: false },
      committers: notTheirs(one.committers),
      trusted: notTheirs(one.trusted),
    };
  });
  fc.assert(
    fc.property(stranger, (claim) => {
      const good = claim.acks.filter(
        ({ person, sha }) => sha === HEAD && (person.canWrite || claim.committers.includes(person.id)),
      );
      const leave = mayBuild(claim);
      expect(leave.may).toBe(good.length > 0);
      expect([undefined, ...good.map(({ person }) => person.login)]).toContain(
        "by" in leave ? leave.by : undefined,
      );
    }),
  );
});

test("no ACK, permission or config moves a commit into the trusted zone", () => {
  fc.assert(
    fc.property(anyClaim, fc.boolean(), (claim, onProtected) => {
      const isPush = claim.event === "push" && claim.fork === false;
      expect(zoneOf({ ...claim, onProtected })).toBe(isPush && onProtected ? "trusted" : "untrusted");
    }),
  );
});

test("only the very id gives leave; what merely looks like it never does", () => {
  const wide = fc.integer({ min: 1, max: 10 ** 9 });
  fc.assert(
    fc.property(wide, fc.array(wide), fc.integer({ min: 0, max: 9 }), (author, others, digit) => {
      const text = String(author);
      const alike = [`${text}${digit}`, `${digit}${text}`, text.slice(1), text.slice(0, -1)].map(Number);
      const ids = [...others, ...alike].filter((one) => one !== author);
      const given = { ...claim, author: { id: author, canWrite: false } };
      expect(mayBuild({ ...given, committers: ids, trusted: ids })).toEqual({ may: false, rule: "neither" });
      expect(mayBuild({ ...given, committers: ids, acks: [ack(author, HEAD)] }).may).toBe(false);
    }),
  );
});

test("text is no id, whatever it says", () => {
  const ids = ["12"] as unknown as number[];
  expect(mayBuild({ ...claim, trusted: ids, committers: ids }).may).toBe(false);
});
