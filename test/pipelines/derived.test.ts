import { expect, test } from "vitest";
import { advance } from "../../src/pipelines/advance.ts";
import { planAdvisory } from "../../src/pipelines/plan-advisory.ts";
import { plan, type Work } from "../../src/pipelines/plan.ts";
import type { Run } from "../../src/pipelines/run.ts";
import type { Signal } from "../../src/pipelines/signal.ts";

const AT = "2026-11-21T10:00:00.000Z";
const of = { target: "leap", arch: "x86_64", tier: "required" } as const;
const tree: Work = { ...of, recipe: { kind: "tree", name: "os", path: "os/treefile.yaml" } };
const disk: Work = {
  ...of,
  recipe: { kind: "image", name: "cloud", path: "os/treefile.yaml#cloud" },
  from: "os",
  type: "qcow2",
  boot: { fail: false },
};
const born = (...work: readonly Work[]): Run =>
  plan({
    repo: { id: 1, owner: "acme", name: "os", installation: 2, private: false, node: "R_1" },
    trigger: {
      kind: "nightly",
      channel: "nightly",
      branch: "main",
      sha: "a".repeat(40),
      number: "20261121_01",
    },
    zone: "trusted",
    channel: "nightly",
    at: AT,
    leave: { rule: "nightly" },
    left: [],
    work,
  });
const SOURCE = "source/tree:os";
const TREE = "build/tree:os/leap/x86_64";
const DISK = "build/image:cloud/leap/x86_64/qcow2";

const passed = (stage: string): Signal => ({
  kind: "passed",
  stage,
  attempt: 1,
  at: AT,
  prefix: "p/",
  files: [],
});
const heard = (run: Run, ...signals: readonly Signal[]): Run => signals.reduce(advance, run);
const states = (run: Run) => Object.fromEntries(run.stages.map(({ name, state }) => [name, state]));

test("an image has no sources but its tree's, and starts when that has passed", () => {
  const run = born(disk, tree);
  expect(run.stages.map(({ name, pool }) => `${name} ${pool}`)).toEqual([
    `${SOURCE} source-trusted`,
    `${TREE} tree-trusted-x86_64`,
    `${DISK} derive-trusted-x86_64`,
    "check/image:cloud/leap/x86_64/qcow2 check-trusted-x86_64",
    "check/tree:os/leap/x86_64 upgrade-trusted-x86_64",
    "publish/nightly publish",
  ]);
  const composed = heard(run, passed(SOURCE));
  expect(states(composed)).toMatchObject({ [TREE]: "ready", [DISK]: "waiting" });
  expect(states(heard(composed, passed(TREE)))).toMatchObject({ [DISK]: "ready" });
});

test("tree and image are published together, or not at all", () => {
  const run = born(tree, disk);
  const publish = run.stages.find(({ kind }) => kind === "publish");
  expect(publish?.needs).toEqual(
    [TREE, "check/tree:os/leap/x86_64", DISK, "check/image:cloud/leap/x86_64/qcow2"].map((stage) => ({
      stage,
      be: "passed",
    })),
  );
});

test("where the tree fails the image is not begun, because of it", () => {
  const ended: Signal = {
    kind: "ended",
    as: "failed",
    because: "no such package",
    stage: TREE,
    attempt: 1,
    at: AT,
  };
  const failed = heard(born(tree, disk), passed(SOURCE), ended);
  expect(failed.stages.find(({ name }) => name === DISK)).toMatchObject({ state: "skipped", because: TREE });
});

test("what is advisory waits for the night with its tree, and is left out with it", () => {
  const advisory = { ...tree, tier: "advisory", expected: 3600 * 6 } as const;
  const patience = { dayMinutes: 120, nightMinutes: 480, night: { from: "22:00", to: "06:00" } };
  const image = { ...disk, tier: "advisory" } as const;
  const times = { notBefore: "2026-11-21T22:00:00.000Z", endsBy: "2026-11-22T06:00:00.000Z" };
  expect(planAdvisory([image, advisory], patience, AT).work).toEqual([
    { ...advisory, ...times },
    { ...image, ...times },
  ]);
  const slow = { ...advisory, expected: 3600 * 20 };
  expect(planAdvisory([slow, image], patience, AT)).toMatchObject({ work: [], treeless: [image] });
});
