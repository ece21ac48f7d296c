import * as fc from "fast-check";
import { expect, test } from "vitest";
import { daysLater, isLater } from "../../../src/bot/calendar.ts";
import { consensus, type Reviewed } from "../../../src/bot/review/consensus.ts";
import type { Voice } from "../../../src/bot/review/review.ts";

const [HEAD, OLD] = ["a".repeat(40), "b".repeat(40)];
const [AUTHOR, ANN, BEN, STRANGER] = [1, 2, 3, 4];
const day = (n: number): string => new Date(Date.UTC(2026, 1, n, 12)).toISOString();
type Said = [id: number, kind: Voice["kind"], n: number, sha?: string];
const voice = (...[id, kind, n, sha = HEAD]: Said): Voice => ({
  person: { id, login: `p${id}` },
  kind,
  sha,
  at: day(n),
});

const reviewed: Reviewed = {
  rules: { acks: 2, lazyDays: 3 },
  voices: [],
  committers: [AUTHOR, ANN, BEN],
  author: AUTHOR,
  sha: HEAD,
  since: day(1),
  now: day(2),
};
const strict = { acks: 2 };

test.each([
  { when: "nobody spoke", given: {}, is: "waiting", until: day(4) },
  { when: "nobody spoke for the days of silence", given: { now: day(4) }, is: "lazy", until: day(4) },
  {
    when: "the days of silence are over but for a second",
    given: { now: "2026-02-04T11:59:59Z" },
    is: "waiting",
  },
  {
    when: "silence is no consent here",
    given: { rules: strict, now: day(400) },
    is: "waiting",
  },
  { when: "one of two ACKed", given: { voices: [voice(ANN, "ack", 2)] }, is: "waiting", acks: 1 },
  {
    when: "both ACKed",
    given: { voices: [voice(ANN, "ack", 2), voice(BEN, "ack", 2)] },
    is: "consented",
    acks: 2,
  },
  {
    when: "one ACKed twice",
    given: { voices: [voice(ANN, "ack", 2), voice(ANN, "ack", 3)] },
    is: "waiting",
    acks: 1,
  },
  {
    when: "one of the ACKs is the author's",
    given: { voices: [voice(ANN, "ack", 2), voice(AUTHOR, "ack", 2)] },
    is: "waiting",
    acks: 1,
  },
  {
    when: "one of the ACKs is a stranger's",
    given: { voices: [voice(ANN, "ack", 2), voice(STRANGER, "ack", 2)] },
    is: "waiting",
    acks: 1,
  },
  {
    when: "one of the ACKs is for another commit",
    given: { voices: [voice(ANN, "ack", 2), voice(BEN, "ack", 2, OLD)] },
    is: "waiting",
    acks: 1,
  },
  { when: "a stranger NACKed", given: { voices: [voice(STRANGER, "nack", 2)], now: day(9) }, is: "lazy" },
  {
    when: "a committer NACKed long ago, on another commit",
    given: { voices: [voice(ANN, "nack", 1, OLD)], now: day(400) },
    is: "blocked",
    nacks: ["p2"],
  },
  {
    when: "a committer NACKed what others ACKed",
    given: { rules: strict, voices: [voice(ANN, "ack", 2), voice(AUTHOR, "ack", 2), voice(BEN, "nack", 3)] },
    is: "blocked",
    acks: 1,
    nacks: ["p3"],
  },
  { when: "the author NACKed", given: { voices: [voice(AUTHOR, "nack", 2)] }, is: "blocked", nacks: ["p1"] },
  {
    when: "a NACK was taken back",
    given: { voices: [voice(ANN, "nack", 2), voice(ANN, "ack", 5)], now: day(7) },
    is: "waiting",
    acks: 1,
    until: day(8),
  },
  {
    when: "a NACK was taken back days of silence ago",
    given: { voices: [voice(ANN, "nack", 2), voice(ANN, "ack", 5)], now: day(8) },
    is: "lazy",
    acks: 1,
    until: day(8),
  },
  {
    when: "the giver of a NACK is no committer any more",
    given: { voices: [voice(ANN, "nack", 2)], committers: [BEN] },
    is: "waiting",
  },
  { when: "no ACK is needed", given: { rules: { acks: 0 } }, is: "consented" },
] as const)("when $when it is $is", ({ given, is, ...facts }) => {
  const state = consensus({ ...reviewed, ...given });
  expect(state).toMatchObject({
    state: is,
    ...("acks" in facts && { acks: facts.acks }),
    nacks: "nacks" in facts ? facts.nacks : [],
    ...("until" in facts && { until: facts.until }),
  });
});

const anyVoice = fc
  .record({
    id: fc.integer({ min: AUTHOR, max: STRANGER }),
    kind: fc.constantFrom("ack" as const, "nack" as const),
    n: fc.integer({ min: 1, max: 20 }),
    sha: fc.constantFrom(HEAD, OLD),
  })
  .map(({ id, kind, n, sha }) => voice(id, kind, n, sha));
const anyReviewed: fc.Arbitrary<Reviewed> = fc.record({
  rules: fc.record(
    { acks: fc.integer({ min: 0, max: 3 }), lazyDays: fc.integer({ min: 0, max: 9 }) },
    { requiredKeys: ["acks"] },
  ),
  voices: fc.array(anyVoice, { maxLength: 8 }),
  committers: fc.subarray([AUTHOR, ANN, BEN, STRANGER]),
  author: fc.constantFrom(AUTHOR, ANN),
  sha: fc.constant(HEAD),
  since: fc.integer({ min: 1, max: 20 }).map(day),
  now: fc.integer({ min: 1, max: 40 }).map(day),
});
const hasConsent = (one: Reviewed): boolean => ["consented", "lazy"].includes(consensus(one).state);

test("more ACKs never turn consent into anything else", () => {
  fc.assert(
    fc.property(anyReviewed, fc.array(anyVoice), (one, more) => {
      const acks = more.filter(({ kind }) => kind === "ack");
      expect(hasConsent({ ...one, voices: [...one.voices, ...acks] }) || !hasConsent(one)).toBe(true);
    }),
  );
});

test("the newest word of a committer being a NACK always blocks", () => {
  fc.assert(
    fc.property(anyReviewed, fc.constantFrom(ANN, BEN), (one, id) => {
      const voices = [...one.voices, voice(id, "nack", 21, OLD)];
      const state = consensus({ ...one, voices, committers: [...one.committers, id] });
      expect(state.state).toBe("blocked");
      expect(state.nacks).toContain(`p${id}`);
    }),
  );
});

test("time alone never unblocks a NACK, and never takes consent away", () => {
  fc.assert(
    fc.property(anyReviewed, fc.integer({ min: 0, max: 10_000 }), (one, days) => {
      const then = { ...one, now: daysLater(one.now, days) };
      const [before, after] = [consensus(one).state, consensus(then).state];
      expect(after === "blocked").toBe(before === "blocked");
      expect(hasConsent(then) || !hasConsent(one)).toBe(true);
    }),
  );
});

test("what people say who are no committers changes nothing", () => {
  fc.assert(
    fc.property(anyReviewed, (one) => {
      const voices = one.voices.filter(({ person }) => one.committers.includes(person.id));
      expect(consensus({ ...one, voices })).toEqual(consensus(one));
    }),
  );
});

test("days are counted as the calendar has them", () => {
  const moment = fc.date({ min: new Date("1970-01-01"), max: new Date("2200-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(moment, fc.integer({ min: 0, max: 5000 }), (from, days) => {
      const until = new Date(from.getTime() + days * 86_400_000).toISOString();
      expect(daysLater(from.toISOString(), days)).toBe(until);
    }),
  );
});

test("where silence is no consent there is no day on which it becomes one", () => {
  expect(consensus({ ...reviewed, rules: strict })).toEqual({
    state: "waiting",
    acks: 0,
    need: 2,
    nacks: [],
  });
});

test("whole seconds and milliseconds are compared as the same time", () => {
  expect(isLater("2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000Z")).toBe(false);
  expect(isLater("2026-11-21T10:00:00.000Z", "2026-11-21T10:00:00Z")).toBe(false);
  expect(isLater("2026-11-21T10:00:00.001Z", "2026-11-21T10:00:00Z")).toBe(true);
  expect(isLater("2026-11-21T10:00:01Z", "2026-11-21T10:00:00.999Z")).toBe(true);
});
