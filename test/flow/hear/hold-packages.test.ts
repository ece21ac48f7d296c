import { expect, test } from "vitest";
import { holdPackages, rememberPackages } from "../../../src/flow/hear/hold-packages.ts";
import type { PackageList } from "../../../src/pipelines/package-list.ts";
import { plan } from "../../../src/pipelines/plan.ts";
import type { Run } from "../../../src/pipelines/run.ts";
import type { Signal } from "../../../src/pipelines/signal.ts";
import type { Stage } from "../../../src/pipelines/stage.ts";
import { memoryBlobs, memoryRecords } from "../memory.ts";

const AT = "2026-11-21T10:00:00.000Z";
const BUILD = "build/image:os/debian-12/x86_64/Disk/oem";
const recipe = { kind: "image", name: "os", path: "os/os.kiwi" } as const;

const runOf = (sha: string, number?: number): Run =>
  plan({
    repo: { id: 7, node: "R_7", owner: "maria", name: "os", installation: 1, private: false },
    trigger:
      number === undefined
        ? { kind: "push", branch: "main", sha }
        : { kind: "pull", number, base: "main", baseSha: "b".repeat(40), sha, head: "more" },
    zone: number === undefined ? "trusted" : "untrusted",
    ...(number === undefined && { channel: "devel" }),
    at: AT,
    leave: { rule: "pushed" },
    left: [],
    work: [{ recipe, target: "debian-12", arch: "x86_64", tier: "required", profile: "Disk", type: "oem" }],
  } as Parameters<typeof plan>[0]);

function world() {
  const ports = { blobs: memoryBlobs(), lists: memoryRecords<PackageList>() };
  /** What is said of a build that left this list. */
  async function build(run: Run, list: string): Promise<Signal> {
    const prefix = `results/${run.id}/`;
    await ports.blobs.put(`${prefix}os.packages`, list);
    const files = [{ name: "os.packages", size: list.length, sha256: "0".repeat(64) }];
    const passed = { kind: "passed", prefix, files, stage: BUILD, attempt: 1, at: AT } as const;
    const signal = await holdPackages(ports, run, passed);
    const stages = run.stages.map((stage): Stage =>
      stage.name === BUILD ? { ...stage, state: "passed", endedAt: AT, prefix, files } : stage,
    );
    await rememberPackages(ports, { ...run, stages }, { run: run.id, stage: BUILD, attempt: 1 });
    return signal;
  }
  return { build };
}

test("an image is held against the last one on its way to a channel, and a pull request's is not kept", async () => {
  const { build } = world();
  expect(await build(runOf("a".repeat(40)), "bash|0|5.1|1|x86_64||GPL\n")).not.toHaveProperty("packages");
  const more = "bash|0|5.1|1|x86_64||GPL\nzstd|0|1.5|1|x86_64||BSD\n";
  const said = { count: 1, changes: [{ name: "zstd.x86_64", is: "1.5-1" }] };
  expect(await build(runOf("c".repeat(40), 3), more)).toMatchObject({ packages: said });
  expect(await build(runOf("d".repeat(40), 4), more)).toMatchObject({ packages: said });
  expect(await build(runOf("e".repeat(40)), more)).toMatchObject({ packages: said });
  expect(await build(runOf("f".repeat(40)), more)).toMatchObject({ packages: { count: 0, changes: [] } });
});
