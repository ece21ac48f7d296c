import { getVariableValues, Kind, parse, validate } from "graphql";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Check } from "../../../src/bot/check/check.ts";
import { publishedSchema } from "../../../src/local/github/graphql/schema.ts";
import { secondaryLimit } from "../../../src/local/github/faults.ts";
import { mutationsOf } from "../../../src/platform/github/check-mutation.ts";
import type { At, Showing } from "../../../src/ports-github.ts";
import { endWithoutViolations, here } from "../../local/github/world.ts";
import { type Facing, facing } from "./world.ts";

const check = (of: Partial<Check> = {}): Check => ({
  name: "rpm:greet",
  externalId: "1/pull/7/a#rpm:greet",
  status: "queued",
  title: "Waiting",
  summary: "soon",
  ...of,
});
const named = (name: string, of: Partial<Check> = {}): Showing => ({
  check: check({ name, externalId: name, ...of }),
});
const many = (count: number): readonly Showing[] => Array.from({ length: count }, (_, i) => named(`n${i}`));

describe("a document", () => {
  const at: At = { id: 1, node: "R_1", owner: "acme", name: "os", installation: 2 };
  const sha = "a".repeat(40);
  const everything: readonly Showing[] = [
    named("queued"),
    named("running", { status: "in_progress", detailsUrl: "https://logs.example/1.txt" }),
    {
      id: "CR_1",
      check: check({
        status: "completed",
        conclusion: "timed_out",
        annotations: [
          { path: "a.spec", line: 1, level: "failure", message: "no" },
          { path: "a.spec", line: 1, endLine: 2, column: 3, endColumn: 4, level: "warning", message: "hm" },
          { path: "a.spec", line: 1, column: 3, level: "notice", message: "so" },
        ],
        buttons: [{ identifier: "ack", label: "ACK and build", description: "Builds it" }],
      }),
    },
  ];

  test.each([["one of each kind", everything] as const, ["forty", many(40)] as const])(
    "for %s is one that GitHub's published schema takes, with its variables",
    (_, checks) => {
      const [mutation, ...others] = mutationsOf(at, sha, checks);
      if (!mutation) throw new Error("there is no document");
      expect(others).toEqual([]);
      const document = parse(mutation.query);
      expect(validate(publishedSchema(), document)).toEqual([]);
      const [operation] = document.definitions;
      const declared =
        operation?.kind === Kind.OPERATION_DEFINITION ? (operation.variableDefinitions ?? []) : [];
      expect(declared).toHaveLength(checks.length);
      expect(getVariableValues(publishedSchema(), declared, mutation.variables).errors).toBeUndefined();
    },
  );

  test("holds no more than forty checks, and fewer where they are long", () => {
    expect(mutationsOf(at, sha, many(100)).map(({ names }) => names.size)).toEqual([40, 40, 20]);
    const long = Array.from({ length: 8 }, (_, i) => named(`n${i}`, { summary: "x".repeat(100_000) }));
    expect(mutationsOf(at, sha, long).map(({ names }) => names.size)).toEqual([3, 3, 2]);
    const longest = [named("a"), named("b", { summary: "x".repeat(900_000) }), named("c")];
    expect(mutationsOf(at, sha, longest).map(({ names }) => [...names.values()])).toEqual([
      ["a"],
      ["b"],
      ["c"],
    ]);
  });
});

describe("on GitHub", () => {
  let world: Facing;
  let sha: string;
  beforeEach(async () => {
    world = await facing();
    sha = await world.main();
  });
  afterEach(() => endWithoutViolations(world));
  const shown = async () =>
    new Map((await world.github.shown(world.at, sha)).map((one) => [one.check.name, one]));
  const writes = () => world.admin.calls().filter(({ route }) => route === "/graphql");

  test("new checks and changed ones go in one request", async () => {
    await world.github.show(world.at, sha, many(3));
    const ids = await shown();
    world.admin.forgetCalls();
    const changed = many(5).map((one) => ({ ...one, id: ids.get(one.check.name)?.id }));
    await world.github.show(world.at, sha, changed);
    expect(writes()).toMatchObject([{ operation: "updateCheckRun x3, createCheckRun x2", count: 5 }]);
    expect((await shown()).size).toBe(5);
  });

  test("one that is refused does not hold back the others, in whichever request they are", async () => {
    const checks = many(45).map((one, i) => (i === 7 ? { ...one, id: "CR_nothing" } : one));
    await expect(world.github.show(world.at, sha, checks)).rejects.toThrow(/n7: .*CR_nothing/);
    expect((await shown()).size).toBe(44);
  });

  test("annotations and buttons are shown, and how many annotations there are is told", async () => {
    const annotations = Array.from({ length: 60 }, (_, i) => ({
      path: "hello/hello.spec",
      line: i + 1,
      level: "failure" as const,
      message: `no ${i}`,
    }));
    const buttons = [{ identifier: "ack", label: "ACK and build", description: "Builds it" }];
    const failed = { status: "completed", conclusion: "failure", annotations, buttons } as const;
    await world.github.show(world.at, sha, [named("bad", failed)]);
    // GitHub takes no more at once, and fifty are more than anybody reads.
    expect((await shown()).get("bad")?.remarks).toBe(50);
    const { data } = await world.bot.rest.checks.listForRef({ ...here, ref: sha });
    const of = { ...here, check_run_id: data.check_runs[0]?.id ?? 0 };
    const listed = await world.bot.rest.checks.listAnnotations({ ...of, per_page: 1 });
    expect(listed.data).toMatchObject([{ path: "hello/hello.spec", start_line: 1, message: "no 0" }]);
  });

  test("where GitHub has had enough nothing more is sent", async () => {
    world.admin.fault(secondaryLimit("graphql", 2, 90));
    world.admin.forgetCalls();
    expect(await world.github.show(world.at, sha, many(50))).toEqual({ kind: "limited", seconds: 90 });
    expect(writes()).toHaveLength(1);
    world.admin.clearFaults();
  });
});
