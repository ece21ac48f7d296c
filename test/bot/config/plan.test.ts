import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../../src/bot/config/config.ts";
import { proposedPlan } from "../../../src/bot/config/plan.ts";
import { planSummary } from "../../../src/bot/words/config-plan.ts";
import type { Deployment } from "../../../src/pipelines/deployment.ts";
import { cases } from "../../fuzz.ts";

const deployment: Deployment = {
  github: { api: "https://api.github.com", web: "https://github.com" },
  targets: {
    leap: { images: { x86_64: "l", aarch64: "l" }, arches: { x86_64: "required", aarch64: "advisory" } },
    debian: { images: { x86_64: "d" }, arches: { x86_64: "required" } },
  },
  defaults: ["leap"],
  hosts: {},
  key: { name: "n", email: "e@example.org", created: "2026-01-01T00:00:00Z" },
  timeoutMinutes: {},
};

const PATHS = ["a.spec", "b/b.spec"];

const planned = (now: string, proposed: string, paths = PATHS) =>
  proposedPlan({
    current: readConfig(now, deployment),
    proposed: readConfig(proposed, deployment),
    deployment,
    repo: { private: false, defaultBranch: "main" },
    paths,
  });

const changes = (now: string, proposed: string) => {
  const plan = planned(now, proposed);
  if ("mistakes" in plan) throw new Error(plan.mistakes[0]?.because);
  return plan.changes.map((one) => `${one.what} ${one.name}: ${one.now ?? "-"} > ${one.proposed ?? "-"}`);
};

describe("the plan of a proposed config", () => {
  test.each([
    ["", "", []],
    ["", "channels: { devel: { branch: main } }", []],
    ["targets: { leap: [x86_64] }", "targets: { leap: { x86_64: required } }", []],
    [
      "",
      "trusted: [2, 1]\ncommitters: [3]",
      ["committer 3: - > yes", "trusted 2: - > yes", "trusted 1: - > yes"],
    ],
    ["trusted: [1]", "", ["trusted 1: yes > -"]],
    ["", "channels: { stable: { branch: main } }", ["channel stable: - > main", "channel devel: main > -"]],
    [
      "channels: { devel: { branch: main } }",
      "channels: { devel: { branch: next } }",
      ["channel devel: main > next"],
    ],
    [
      "review: { acks: 2 }",
      "review: { lazyDays: 3 }",
      ["setting review.acks: 2 > 1", "setting review.lazyDays: - > 3"],
    ],
    [
      "pulls: { publish: false }",
      "pulls: { expireDays: 9 }",
      ["setting pulls.expireDays: 7 > 9", "setting pulls.publish: false > -"],
    ],
    ["", "notifications: { mail: [a@b.example] }", ["setting notifications.mail: - > a@b.example"]],
    [
      "",
      "targets: { leap: [x86_64, aarch64], debian: [x86_64] }\nrecipes: { b: { skip: true } }",
      [
        "job rpm:a:leap-aarch64: advisory > required",
        "job rpm:a:debian-x86_64: - > required",
        "job rpm:b:leap-x86_64: required > -",
        "job rpm:b:leap-aarch64: advisory > -",
      ],
    ],
    [
      "",
      "recipes: { a: { targets: [leap], arches: [x86_64], timeoutMinutes: 5 } }",
      ["job rpm:a:leap-x86_64: required > required, at most 5 min", "job rpm:a:leap-aarch64: advisory > -"],
    ],
  ])("from %j to %j", (now, proposed, expected) => {
    const found = changes(now, proposed);
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  test("people come first, jobs last", () => {
    const text = "recipes: { b: { skip: true } }\nchannels: {}\nreview: {}\ntrusted: [1]\ncommitters: [2]";
    const kinds = changes("", text).map((change) => change.split(" ")[0]);
    expect([...new Set(kinds)]).toEqual(["committer", "trusted", "channel", "setting", "job"]);
  });

  test("a proposal with mistakes has no plan: the mistakes are told", () => {
    expect(planned("", "trusted: [x]\n")).toEqual({
      mistakes: [expect.objectContaining({ line: 1, column: 11 })],
    });
    expect(planned("", "recipes: { c: { path: c.spec } }\n")).toEqual({
      mistakes: [expect.objectContaining({ line: 1, column: 23 })],
    });
  });

  test("a proposal that mends a broken config gives all that would be then", () => {
    expect(changes("trusted: [x]\n", "trusted: [1]\n")).toContain("job rpm:a:leap-x86_64: - > required");
  });

  test("the same rules change nothing, and what is proposed and taken back is what was", () => {
    const rule = fc.constantFrom(
      "",
      "trusted: [1, 2]",
      "review: {}",
      "channels: {}",
      "timeouts: { x86_64: 9 }",
      "targets: { debian: [x86_64] }",
      "recipes: { a: { skip: true } }",
    );
    fc.assert(
      fc.property(rule, rule, (one, other) => {
        const back = changes(other, one).map((change) => {
          const [name, now, proposed] = [
            change.split(": ")[0],
            ...(change.split(": ")[1] ?? "").split(" > "),
          ];
          return `${name}: ${proposed} > ${now}`;
        });
        expect(changes(one, one)).toEqual([]);
        expect(back.toSorted()).toEqual(changes(one, other).toSorted());
      }),
      { numRuns: 100 },
    );
  });
});

describe("the words of the plan", () => {
  test("show a table, and point at the people", () => {
    const text = "trusted: [7]\ncommitters: [8]\nrecipes: { b: { skip: true } }";
    expect(planSummary(planned("", text))).toMatchInlineSnapshot(`
      "What the rules that this pull request proposes would change, once they are merged. Nothing of it holds before, and nothing of it was run.

      | | | now | proposed |
      |---|---|---|---|
      | Committer | \`8\` | – | \`yes\` |
      | Trusted author | \`7\` | – | \`yes\` |
      | Job | \`rpm:b:leap-x86_64\` | \`required\` | – |
      | Job | \`rpm:b:leap-aarch64\` | \`advisory\` | – |

      **Look at the people:** 2 more would have a say here."
    `);
  });

  test("name the mistakes with what was meant", () => {
    expect(planSummary(planned("", "chanels: {}\n"))).toMatchInlineSnapshot(`
      "The rules that this pull request proposes cannot be read:

      - line 1, column 1: \`chanels: nothing of this name is known here\`. Did you mean \`channels\`?"
    `);
  });

  test("say when nothing changes", () => {
    expect(planSummary(planned("", ""))).toBe(
      "The rules that this pull request proposes change nothing of what is built.",
    );
  });

  test("count what is too much to show", () => {
    const many = Array.from({ length: 60 }, (_, i) => `${i}.spec`);
    expect(planSummary(planned("targets: { debian: [x86_64] }", "", many))).toContain("\n\nAnd 80 more.");
  });

  test("keep foreign text in code, whatever it is", () => {
    const foreign = fc.stringMatching(/^[a-z@<>[\]()`|*_#!&;:/ ~-]{1,30}$/).map((text) => `x${text}x`);
    fc.assert(
      fc.property(foreign, foreign, (name, branch) => {
        const config = JSON.stringify({
          channels: { devel: { branch } },
          recipes: { [name]: { path: "a.spec" } },
        });
        const tree = fromMarkdown(planSummary(planned("", config)), {
          extensions: [gfm()],
          mdastExtensions: [gfmFromMarkdown()],
        });
        expect(typesIn(tree).filter((type) => !KNOWN.has(type))).toEqual([]);
        expect(typesIn(tree).filter((type) => type === "tableCell").length % 4).toBe(0);
      }),
      { numRuns: cases() / 20 },
    );
  }, 1_200_000);
});

const KNOWN = new Set([
  "root",
  "paragraph",
  "text",
  "inlineCode",
  "strong",
  "table",
  "tableRow",
  "tableCell",
  "list",
  "listItem",
]);

function typesIn(node: { type: string; children?: readonly { type: string }[] }): readonly string[] {
  return [node.type, ...(node.children ?? []).flatMap(typesIn)];
}
