import { expect, test } from "vitest";
import { prepareUpgrade } from "../../../src/flow/dispatch/lend-tree.ts";
import { plan } from "../../../src/pipelines/plan.ts";
import type { Run } from "../../../src/pipelines/run.ts";
import type { File, Stage } from "../../../src/pipelines/stage.ts";
import { AT, repo, SHA, world } from "../world.ts";

const [BUILD, CHECK] = ["build/tree:os/debian-12/x86_64", "check/tree:os/debian-12/x86_64"];
const TREE: File = { name: "tree.ostree.tar.zst", size: 1, sha256: "c".repeat(64) };

/** The check of a tree whose build left these files, and what it is begun with. */
async function begun(files: readonly File[], isComposed = true) {
  const planned = plan({
    repo,
    trigger: { kind: "push", branch: "main", sha: SHA },
    zone: "trusted",
    channel: "devel",
    at: AT,
    leave: { rule: "pushed" },
    left: [],
    work: [
      {
        recipe: { kind: "tree", name: "os", path: "os/treefile.yaml" },
        target: "debian-12",
        arch: "x86_64",
        tier: "required",
        tree: { ref: "acme/x86_64", packages: ["bash"] },
      },
    ],
  });
  const stages = planned.stages.map((stage): Stage =>
    stage.name === BUILD ? { ...stage, state: "passed", prefix: "here/", files } : stage,
  );
  const run: Run = { ...planned, stages };
  const [job] = run.jobs;
  const stage = stages.find(({ name }) => name === CHECK);
  if (!job || !stage) throw new Error("there is no check");
  const { ports } = world();
  const tree = {
    composer: "root",
    images: { x86_64: "composer" },
    repositories: [{ url: "https://repository.example", key: "https://repository.example/key" }],
  } as const;
  const target = { ...ports.deployment.targets["debian-12"], images: {}, arches: {} };
  const targets = {
    "debian-12": isComposed ? { ...target, tree: { ...tree, repositories: [...tree.repositories] } } : target,
  };
  const prepared = await prepareUpgrade(
    { ...ports, deployment: { ...ports.deployment, targets } },
    { run, stage },
    job,
  );
  return { prepared, ports };
}

test("the upgrade to a tree is begun in the composer's root, with the tree lent", async () => {
  const { prepared, ports } = await begun([TREE]);
  expect(prepared).toMatchObject({ image: "composer" });
  const key = "manifest" in prepared ? prepared.manifest.replace("memory:", "") : "";
  const manifest = new TextDecoder().decode((await ports.blobs.get(key))?.value);
  expect(manifest).toContain("\ntree memory:here/tree.ostree.tar.zst\n");
  expect(manifest).toContain("\nmirror https://mirror.example/acme/os/devel/ostree\n");
});

test("where nothing had changed it passes without being begun", async () => {
  const { prepared } = await begun([{ ...TREE, name: "facts.json" }]);
  expect(prepared).toMatchObject({
    signal: { kind: "passed", stage: CHECK, facts: { upgrade: "unchanged" } },
  });
});

test("a deployment that no longer composes trees of the target says so", async () => {
  const { prepared } = await begun([TREE], false);
  expect(prepared).toMatchObject({
    signal: { kind: "ended", as: "failed", because: expect.stringContaining("no longer") },
  });
});
