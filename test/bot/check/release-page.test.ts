import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSamePage, pageWith } from "../../../src/bot/check/release-page.ts";
import { cases } from "../../fuzz.ts";

const [BEGIN, END] = ["<!-- millwright:release -->", "<!-- /millwright:release -->"];

describe("the text of a Release", () => {
  test("has what people wrote around our part, and our part anew", () => {
    const first = pageWith("Thanks!", "one");
    expect(first).toBe(`Thanks!\n\n${BEGIN}\none\n\n${END}`);
    expect(pageWith(`${first}\r\n\r\nMore of us.`, "two")).toBe(
      `Thanks!\n\n${BEGIN}\ntwo\n\n${END}\n\nMore of us.`,
    );
  });

  test("is within what GitHub takes", () => {
    expect(pageWith("x".repeat(50_000), "a line\n".repeat(30_000)).length).toBeLessThanOrEqual(125_000);
  });

  const text = fc.array(fc.constantFrom("a", "\n", "\r\n", " ", "`", "<", "-->", END), { maxLength: 20 });

  test("is the same when it is written again, whatever packagers and people wrote", () => {
    fc.assert(
      fc.property(text, text, text, (people, before, now) => {
        const [was, next] = [before.join(""), now.join("")];
        const page = pageWith(pageWith(people.join(""), was), next);
        expect(page).toBe(pageWith(people.join(""), next));
        expect(isSamePage(page.replaceAll("\n", "\r\n"), pageWith(page, next))).toBe(true);
      }),
      { numRuns: cases() },
    );
  });
});
