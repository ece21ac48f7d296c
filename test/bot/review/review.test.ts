import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  ackedBefore,
  answered,
  isNew,
  newReview,
  Review,
  reviewKey,
  speak,
  type Voice,
  wondered,
} from "../../../src/bot/review/review.ts";
import { cutShort } from "../../../src/bot/words/cut-short.ts";

const [A, B] = ["a".repeat(40), "b".repeat(40)];
const at = (minute: number): string => `2026-11-21T10:${String(minute).padStart(2, "0")}:00Z`;
type Said = [id: number, kind: Voice["kind"], sha: string, minute: number];
const voice = (...[id, kind, sha, minute]: Said): Voice => ({
  person: { id, login: `p${id}` },
  kind,
  sha,
  at: at(minute),
});
const heard = (...voices: readonly Voice[]): Review => voices.reduce(speak, newReview);
const told = ({ voices }: Review): string[] =>
  voices.map(({ person, kind, sha, at }) => `${person.login} ${kind} ${sha.charAt(0)} ${at.slice(14, 16)}`);

test("a review's key is made of the repository's id and the pull request's number", () => {
  expect(reviewKey(1, 7)).toBe("reviews/1/7.json");
});

test.each([
  ["an ACK", [voice(1, "ack", A, 1)], ["p1 ack a 01"]],
  ["an ACK heard twice", [voice(1, "ack", A, 1), voice(1, "ack", A, 1)], ["p1 ack a 01"]],
  ["an ACK said again", [voice(1, "ack", A, 1), voice(1, "ack", A, 2)], ["p1 ack a 01"]],
  ["ACKs on two commits", [voice(1, "ack", A, 1), voice(1, "ack", B, 2)], ["p1 ack a 01", "p1 ack b 02"]],
  ["ACKs of two people", [voice(1, "ack", A, 1), voice(2, "ack", A, 2)], ["p1 ack a 01", "p2 ack a 02"]],
  [
    "a NACK after ACKs",
    [voice(1, "ack", A, 1), voice(1, "ack", B, 2), voice(1, "nack", B, 3)],
    ["p1 nack b 03"],
  ],
  [
    "a NACK of somebody else",
    [voice(1, "ack", A, 1), voice(2, "nack", A, 2)],
    ["p1 ack a 01", "p2 nack a 02"],
  ],
  ["a second NACK", [voice(1, "nack", A, 1), voice(1, "nack", B, 2)], ["p1 nack b 02"]],
  ["an ACK after a NACK", [voice(1, "nack", A, 1), voice(1, "ack", A, 2)], ["p1 nack a 01", "p1 ack a 02"]],
  ["a NACK heard late", [voice(1, "ack", A, 2), voice(1, "nack", A, 1)], ["p1 ack a 02", "p1 nack a 01"]],
  [
    "an ACK heard after the NACK that took it back",
    [voice(1, "nack", A, 2), voice(1, "ack", A, 1)],
    ["p1 nack a 02"],
  ],
  ["an ACK of the same second as a NACK", [voice(1, "nack", A, 2), voice(1, "ack", A, 2)], ["p1 nack a 02"]],
  ["a NACK of the same second as an ACK", [voice(1, "ack", A, 2), voice(1, "nack", A, 2)], ["p1 nack a 02"]],
  ["a voice about something too long to be a commit", [voice(1, "ack", "a".repeat(65), 1)], []],
] as const)("what stands after %s", (_, voices, stands) => {
  expect(told(heard(...voices))).toEqual(stands);
});

test("the commit that was ACKed before is the newest other one", () => {
  const review = heard(voice(1, "ack", A, 1), voice(2, "ack", B, 2), voice(3, "nack", A, 3));
  expect(ackedBefore(review, A)).toBe(B);
  expect(ackedBefore(review, B)).toBe(A);
  expect(ackedBefore(heard(voice(1, "ack", A, 1)), A)).toBeUndefined();
});

const anyVoice = fc
  .record({
    id: fc.integer({ min: 1, max: 3 }),
    kind: fc.constantFrom("ack" as const, "nack" as const),
    sha: fc.constantFrom(A, B),
    minute: fc.integer({ min: 0, max: 59 }),
  })
  .map(({ id, kind, sha, minute }) => voice(id, kind, sha, minute));

test("in whatever order voices are heard, no ACK stands that its giver took back", () => {
  fc.assert(
    fc.property(fc.array(anyVoice, { maxLength: 30 }), (voices) => {
      for (const ack of heard(...voices).voices.filter(({ kind }) => kind === "ack")) {
        const taken = voices.filter(
          ({ kind, person, at }) => kind === "nack" && person.id === ack.person.id && at >= ack.at,
        );
        expect(taken).toEqual([]);
        expect(voices).toContainEqual(ack);
      }
    }),
  );
});

test("in whatever order voices are heard, each person's last NACK is kept", () => {
  fc.assert(
    fc.property(fc.array(anyVoice, { maxLength: 30 }), (voices) => {
      const kept = heard(...voices).voices.filter(({ kind }) => kind === "nack");
      for (const id of [1, 2, 3]) {
        const said = voices.filter(({ kind, person }) => kind === "nack" && person.id === id);
        const last = said
          .map(({ at }) => at)
          .toSorted()
          .slice(-1);
        expect(kept.filter(({ person }) => person.id === id).map(({ at }) => at)).toEqual(last);
      }
    }),
  );
});

test("hearing everything again changes nothing, and what is written can be read", () => {
  fc.assert(
    fc.property(fc.array(anyVoice, { maxLength: 30 }), (voices) => {
      const sorted = voices.toSorted((a, b) => (a.at < b.at ? -1 : 1));
      const review = heard(...sorted);
      for (const again of review.voices) expect(speak(review, again)).toBe(review);
      expect(Review.parse(JSON.parse(JSON.stringify(review)))).toEqual(review);
    }),
  );
});

test("of very many voices NACKs are kept longest, and one person fills no record", () => {
  const many = Array.from({ length: 300 }, (_, i) => voice(i + 10, "ack", A, i % 60));
  const crowd = heard(voice(1, "nack", A, 0), ...many);
  expect(crowd.voices).toHaveLength(200);
  expect(crowd.voices).toContainEqual(voice(1, "nack", A, 0));
  const busy = Array.from({ length: 50 }, (_, i) => voice(1, "ack", String(i).padStart(40, "0"), i));
  expect(heard(...busy).voices.map(({ at }) => at)).toEqual([46, 47, 48, 49].map(at));
});

const answer = (comment: number, minute: number, said = "yes") => ({
  comment,
  by: "p1",
  line: "/why",
  said,
  at: at(minute),
});

test("the six newest answers are kept, and one for the same line replaces the earlier one", () => {
  const review = [1, 2, 3, 4, 5, 6, 7].map((n) => answer(n, n)).reduce(answered, newReview);
  expect(review.answers.map(({ comment }) => comment)).toEqual([2, 3, 4, 5, 6, 7]);
  const again = answered(review, answer(4, 4, "no"));
  expect(again.answers.map(({ comment, said }) => `${comment} ${said}`)).toEqual([
    "2 yes",
    "3 yes",
    "4 no",
    "5 yes",
    "6 yes",
    "7 yes",
  ]);
  const other = answered(again, { ...answer(4, 8), line: "/eta" });
  expect(other.answers.map(({ line }) => line)).toEqual(["/why", "/why", "/why", "/why", "/why", "/eta"]);
});

test("a very long answer is cut between lines, and its block is closed", () => {
  const said = `first\n\`\`\`\`text\n${"a line of a log\n```\n".repeat(1000)}\`\`\`\`\nlast`;
  const [kept] = answered(newReview, answer(1, 1, said)).answers;
  expect(kept!.said.length).toBeLessThan(8100);
  expect(kept!.said.split("\n").slice(-3)).toEqual(["````", "", cutShort]);
  const words = answered(newReview, answer(1, 1, `x\n${"word\n".repeat(3000)}`)).answers[0]!.said;
  expect(words.endsWith(`word\n\n${cutShort}`)).toBe(true);
  expect(
    Review.parse(answered(newReview, { ...answer(1, 1), line: "x".repeat(999) })).answers[0]!.line,
  ).toHaveLength(200);
});

test("an unknown command is new once, and only the newest fifty are remembered", () => {
  expect(isNew(newReview, "biuld")).toBe(true);
  const review = wondered(newReview, "biuld");
  expect(isNew(review, "biuld")).toBe(false);
  expect(wondered(review, "biuld")).toBe(review);
  const many = Array.from({ length: 60 }, (_, i) => `x${i}`).reduce(wondered, newReview);
  expect([many.unknown.length, isNew(many, "x9"), isNew(many, "x10")]).toEqual([50, true, false]);
});
