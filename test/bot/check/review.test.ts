import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { consensus, type Reviewed } from "../../../src/bot/review/consensus.ts";
import type { Voice } from "../../../src/bot/review/review.ts";
import { reviewCheck } from "../../../src/bot/check/review.ts";
import { cases } from "../../fuzz.ts";

const [SHA, OLD] = ["a".repeat(40), "b".repeat(40)];
const [AUTHOR, ANN, BEN, EVE] = [1, 2, 3, 4];
const NAMES = ["", "author", "ann", "ben", "eve"];
type Said = [id: number, kind: Voice["kind"], hour: number, sha?: string];
const voice = (...[id, kind, hour, sha = SHA]: Said): Voice => ({
  person: { id, login: NAMES[id] ?? `p${id}` },
  kind,
  sha,
  at: `2026-11-21T${String(hour).padStart(2, "0")}:00:00Z`,
});
const base: Reviewed = {
  rules: { acks: 2 },
  voices: [],
  committers: [AUTHOR, ANN, BEN],
  author: AUTHOR,
  sha: SHA,
  since: "2026-11-21T00:00:00Z",
  now: "2026-11-22T00:00:00Z",
};
const lazy = { acks: 2, lazyDays: 7 };
const green = { status: "completed", conclusion: "success" };
const red = { status: "completed", conclusion: "failure" };
const open = { status: "queued", conclusion: undefined };

test.each([
  { when: "nobody spoke", given: {}, is: open, says: "Waiting: 0 of 2 ACKs" },
  {
    when: "silence will be consent",
    given: { rules: lazy },
    is: open,
    says: "Waiting: 0 of 2 ACKs; silence counts as consent at 2026-11-28 00:00 UTC",
  },
  {
    when: "silence was consent",
    given: { rules: lazy, now: "2026-11-28T00:00:00Z" },
    is: green,
    says: "Consented by silence at 2026-11-28 00:00 UTC",
  },
  { when: "one ACKed", given: { voices: [voice(ANN, "ack", 1)] }, is: open, says: "Waiting: 1 of 2 ACKs" },
  {
    when: "all ACKed",
    given: { voices: [voice(ANN, "ack", 1), voice(BEN, "ack", 2)] },
    is: green,
    says: "Consented: 2 of 2 ACKs",
  },
  {
    when: "no ACK is needed",
    given: { rules: { acks: 0 } },
    is: green,
    says: "No ACK is needed, and nobody objects",
  },
  {
    when: "one NACKed, though silence has lasted",
    given: { rules: lazy, now: "2027-01-01T00:00:00Z", voices: [voice(ANN, "nack", 1)] },
    is: red,
    says: "Blocked by NACK of ann",
  },
  {
    when: "who may not NACKed",
    given: { voices: [voice(EVE, "nack", 1)] },
    is: open,
    says: "Waiting: 0 of 2 ACKs",
  },
])("when $when, the check says: $says", ({ given, is, says }) => {
  const check = reviewCheck(7, { ...base, ...given });
  expect({ status: check.status, conclusion: check.conclusion }).toEqual(is);
  expect(check).toMatchObject({ name: "millwright:review", externalId: "review#7", title: says });
});

describe("the summary", () => {
  test("says of each voice whether it counts, and if not, why", () => {
    const voices = [
      voice(ANN, "ack", 1),
      voice(BEN, "ack", 2, OLD),
      voice(AUTHOR, "ack", 3),
      voice(EVE, "ack", 4),
      voice(BEN, "nack", 1),
    ];
    const { summary } = reviewCheck(7, { ...base, voices });
    expect(summary).toContain("- `ann` ACKed `aaaaaaaaaa` at 2026-11-21 01:00 UTC\n");
    expect(summary).toContain(
      "- `ben` ACKed `bbbbbbbbbb` at 2026-11-21 02:00 UTC, which does not count: it names another commit",
    );
    expect(summary).toContain(
      "- `author` ACKed `aaaaaaaaaa` at 2026-11-21 03:00 UTC, which does not count: it is the author's own",
    );
    expect(summary).toContain(
      "- `eve` ACKed `aaaaaaaaaa` at 2026-11-21 04:00 UTC, which does not count: they are not a committer",
    );
    expect(summary).toContain(
      "- `ben` NACKed `aaaaaaaaaa` at 2026-11-21 01:00 UTC, which does not count: it was taken back by an ACK",
    );
    expect(summary).toContain("`/ack aaaaaaaaaa`");
    expect(summary).toContain("`/nack`");
  });

  test("holds foreign text as code", () => {
    const person = { id: ANN, login: "`@all` [x](http://y) <b>" };
    const { summary } = reviewCheck(7, { ...base, voices: [{ ...voice(ANN, "nack", 1), person }] });
    expect(summary).toContain("`'@all' [x](http://y) <b>`");
  });
});

const voices = fc.array(
  fc
    .record({
      id: fc.constantFrom(AUTHOR, ANN, BEN, EVE),
      kind: fc.constantFrom<Voice["kind"]>("ack", "nack"),
      hour: fc.integer({ min: 0, max: 23 }),
      sha: fc.constantFrom(SHA, OLD),
    })
    .map(({ id, kind, hour, sha }) => voice(id, kind, hour, sha)),
  { maxLength: 8 },
);

test("GitHub lets a pull request be merged if and only if there is consent, and a button is offered only while it waits", () => {
  fc.assert(
    fc.property(voices, fc.nat(3), fc.option(fc.integer({ min: 1, max: 3 })), (voices, acks, days) => {
      const rules = { acks, ...(days !== null && { lazyDays: days }) };
      const reviewed = { ...base, voices, rules };
      const { state } = consensus(reviewed);
      const { status, conclusion, buttons } = reviewCheck(7, reviewed);
      const passes = status === "completed" && conclusion !== "failure" && conclusion !== "action_required";
      expect(passes).toBe(state === "consented" || state === "lazy");
      expect(conclusion === "neutral" || conclusion === "skipped").toBe(false);
      expect(buttons !== undefined).toBe(state === "waiting");
    }),
    { numRuns: cases() },
  );
});
