import { describe, expect, test } from "vitest";
import { title } from "../../../src/bot/words/check.ts";
import { treeOf, treeOffers } from "../../../src/pipelines/manifest/tree.ts";
import { upgradeManifest } from "../../../src/pipelines/manifest/upgrade.ts";
import { plan } from "../../../src/pipelines/plan.ts";
import type { Run } from "../../../src/pipelines/run.ts";
import type { Stage, StageState } from "../../../src/pipelines/stage.ts";

const SUM = "c".repeat(64);
const BUILD = "build/tree:os/debian-12/x86_64";
const CHECK = "check/tree:os/debian-12/x86_64";

const run = plan({
  repo: { id: 7, node: "R_7", owner: "Maria", name: "os", installation: 1, private: false },
  trigger: { kind: "push", branch: "main", sha: "a".repeat(40) },
  zone: "trusted",
  channel: "devel",
  at: "2026-11-21T10:00:00.000Z",
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

/** The run once its tree is built, and its check is over. */
const withCheck = (state: StageState, name = "tree.ostree.tar.zst"): Run => ({
  ...run,
  stages: run.stages.map((stage): Stage => {
    if (stage.name === BUILD)
      return { ...stage, state: "passed", prefix: "here/", files: [{ name, size: 1, sha256: SUM }] };
    return stage.name === CHECK ? { ...stage, state } : stage;
  }),
});
/** What there must be. */
function there<T>(one: T | undefined): T {
  if (one === undefined) throw new Error("it is not there");
  return one;
}
const stageOf = (kind: Stage["kind"], of: Run = run) => there(of.stages.find((one) => one.kind === kind));
const offers = (of: Run) => treeOffers(of, stageOf("publish", of));
const job = there(run.jobs[0]);

describe("the upgrade to a tree", () => {
  test("is a stage between its build and what publishes it, with builders of its own", () => {
    expect(stageOf("check")).toMatchObject({
      name: CHECK,
      pool: "upgrade-trusted-x86_64",
      needs: [{ stage: BUILD, be: "passed" }],
    });
    expect(run.stages.at(-1)?.needs).toContainEqual({ stage: CHECK, be: "passed" });
  });

  test("is told of the tree, the channel and its key", () => {
    const offer = there(treeOf(withCheck("ready"), job));
    const upload = { url: "https://store", fields: { key: "x" } };
    const manifest = upgradeManifest(run, stageOf("check"), {
      offer,
      tree: "https://lent",
      mirror: "https://mirror",
      upload,
    });
    expect(manifest.split("\n")).toEqual([
      `job ${run.id}#${CHECK}#1`,
      "tree https://lent",
      `sha256 ${SUM}`,
      "ref acme/x86_64",
      "mirror https://mirror/maria/os/devel/ostree",
      "key https://mirror/maria/os/devel/RPM-GPG-KEY-millwright",
      "upload https://store",
      "field key x",
      "",
    ]);
    expect(offer.key).toBe("here/tree.ostree.tar.zst");
  });

  test("decides whether the tree is published", () => {
    expect(offers(withCheck("passed")).map(({ ref }) => ref)).toEqual(["acme/x86_64"]);
    expect(offers(withCheck("failed"))).toEqual([]);
    expect(offers(withCheck("passed", "SHA256SUMS"))).toEqual([]);
  });

  test("is called what it is in the list of checks", () => {
    const at = (state: StageState, facts = {}) => title({ ...stageOf("check"), state, facts }, job);
    expect(at("running")).toBe("Upgrading to it");
    expect(at("failed")).toBe("The upgrade check failed");
    expect(at("passed", { upgrade: "tree" })).toMatch(/^The upgrade from what is published goes well/);
    // What a build says of itself is none of it.
    const build = { ...stageOf("build"), state: "passed", facts: { upgrade: "tree", commit: SUM } } as const;
    expect(title(build, job)).not.toContain("upgrade");
    expect(at("passed", { upgrade: "no kernel" })).toContain("skipped, because the tree has no kernel");
  });
});
