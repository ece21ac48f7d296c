import { describe, expect, test } from "vitest";
import { evaluate, fits, Statement } from "./evaluate.ts";

const allow = (more: object) =>
  Statement.parse({ Effect: "Allow", Action: "s3:GetObject", Resource: "a/*", ...more });
const ask = (identity: readonly Statement[], more: object = {}) =>
  evaluate(
    { identity, resource: [], resourceDecides: false },
    { principal: "role", action: "s3:GetObject", resource: "a/b", context: {}, ...more },
  );

describe("the evaluator of policies", () => {
  test("denies what nobody allows", () => {
    expect(ask([])).toBe("deny");
    expect(ask([allow({})], { action: "s3:PutObject" })).toBe("deny");
  });

  test("lets a denial beat every allowance", () => {
    expect(ask([allow({})])).toBe("allow");
    expect(ask([allow({}), allow({ Effect: "Deny", Resource: "*" })])).toBe("deny");
  });

  test("reads NotAction as every other action", () => {
    const rest = Statement.parse({ Effect: "Deny", NotAction: ["s3:GetObject"], Resource: "*" });
    expect(ask([allow({}), rest])).toBe("allow");
    expect(ask([allow({ Action: "s3:*" }), rest], { action: "s3:PutObject" })).toBe("deny");
  });

  test("takes actions in any case and resources in one", () => {
    expect(ask([allow({ Action: "S3:getobject" })])).toBe("allow");
    expect(ask([allow({ Resource: "A/*" })])).toBe("deny");
  });

  test("knows no wildcards but * and ?, and no path in a key", () => {
    expect(fits("a.c", "abc")).toBe(false);
    expect(fits("a?c", "abc")).toBe(true);
    expect(fits("a?c", "ac")).toBe(false);
    expect(fits("a/*", "a/")).toBe(true);
    expect(fits("a/*", "a")).toBe(false);
    expect(fits("a/*", "a/b/c\nd")).toBe(true);
    expect(fits("[ab]*", "a")).toBe(false);
  });

  test("holds a negated condition when the key is not there, and no other", () => {
    expect(ask([allow({ Condition: { StringNotEquals: { k: "v" } } })])).toBe("allow");
    expect(ask([allow({ Condition: { StringEquals: { k: "v" } } })])).toBe("deny");
    expect(ask([allow({ Condition: { Null: { k: "true" } } })])).toBe("allow");
    expect(ask([allow({ Condition: { Null: { k: "false" } } })])).toBe("deny");
  });

  test("finds one strange value among many", () => {
    const other = allow({ Effect: "Deny", Condition: { "ForAnyValue:StringNotEquals": { k: ["a", "b"] } } });
    expect(ask([allow({}), other], { context: { k: ["a", "b"] } })).toBe("allow");
    expect(ask([allow({}), other], { context: { k: ["a", "x"] } })).toBe("deny");
    expect(ask([allow({}), other])).toBe("allow");
  });

  test("refuses what it does not know instead of guessing", () => {
    expect(() => ask([allow({ Condition: { IpAddress: { k: "v" } } })])).toThrow(/IpAddress/);
    expect(() => ask([allow({ Resource: "a/${aws:userid}" })])).toThrow(/variables/);
    expect(() => Statement.parse({ Effect: "Allow", Action: "*", NotResource: "*" })).toThrow(/NotResource/);
  });
});
