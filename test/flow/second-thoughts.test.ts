import { expect, test } from "vitest";
import { decideEvent } from "../../src/flow/decide/event.ts";
import { opened, PULL, repo, SHA, world } from "./world.ts";

// What was decided once is decided otherwise, or not at all.
const changed = { kind: "pull-changed", repo, number: 7 } as const;
const STRANGER = { id: 99, login: "stranger" };

test("a delivery that cannot be decided has its reason in the ledger, and fails so that the queue brings it back", async () => {
  const { ports } = world();
  await expect(decideEvent(ports)({ v: 1, delivery: "g1" })).rejects.toThrow("no delivery g1");
  const verdict = new TextDecoder().decode(ports.ledger.all.get("verdicts/g1"));
  expect(JSON.parse(verdict)).toMatchObject({
    verdicts: [{ event: "undecided", because: "not decided yet: Error: no delivery g1 in the ledger" }],
  });
});

test("the check that speaks for a run is there before its first report is asked for, so that nobody writes a second one", async () => {
  const town = world();
  town.github.pulls.set(7, town.github.pullOf({ author: STRANGER }));
  await town.decide(changed);
  town.github.files.set(".millwright.yml", "trusted: [99]\n");
  const { reports } = town.ports;
  const shown: (readonly string[])[] = [];
  const asked = {
    send: async (...said: Parameters<typeof reports.send>) => {
      shown.push(town.github.checks.map(({ check }) => check.externalId));
      return reports.send(...said);
    },
  };
  await decideEvent({ ...town.ports, reports: asked })({ v: 1, event: changed });
  expect(shown).toEqual([[`${PULL}#`]]);
});

test("a notice of the same words about something else is another one, and is what a re-run asks about", async () => {
  const town = world();
  town.github.files.set(".millwright.yml", "trust: []\n");
  town.github.branches.set("main", { sha: SHA, isProtected: true });
  town.github.pulls.set(7, town.github.pullOf({ sha: SHA }));
  await town.decide({ kind: "branch-pushed", repo, branch: "main" });
  await town.decide(changed);
  expect(town.github.checks.map(({ check }) => check.externalId)).toEqual(["notice#pull#7"]);
});

test("a topic's push says nothing of a config that cannot be read: its pull request does", async () => {
  const town = world();
  town.github.files.set(".millwright.yml", "trust: []\n");
  town.github.branches.set("topic", { sha: SHA, isProtected: false });
  await town.decide({ kind: "branch-pushed", repo, branch: "topic" });
  expect(town.github.checks).toEqual([]);
});

test("a run whose commit nobody consents to any more says so, and not that it is superseded by itself", async () => {
  const town = await opened();
  town.github.pulls.set(7, town.github.pullOf({ number: 7, sha: SHA, author: STRANGER }));
  await town.decide(changed);
  const { stages } = await town.run(PULL);
  expect(stages[0]).toMatchObject({
    state: "cancelled",
    because: "The leave to build this commit was taken back.",
  });
});
