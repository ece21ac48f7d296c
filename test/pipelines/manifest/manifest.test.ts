import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildManifest, sourceManifest } from "../../../src/pipelines/manifest/manifest.ts";
import { mirrorPrefix, offers, publishManifest } from "../../../src/pipelines/manifest/publish.ts";
import { type Asked, laid } from "../laid.ts";
import type { Run } from "../../../src/pipelines/run.ts";

const wish: Asked = {
  repo: { id: 1, owner: "Acme", name: "OS", installation: 2, private: true, node: "R_1" },
  trigger: { kind: "push", branch: "release/1.0", sha: "a".repeat(40) },
  zone: "trusted",
  channel: "devel",
  at: "2026-11-21T10:00:00.000Z",
  recipes: [{ kind: "rpm", name: "greet", path: "greet/greet.spec" }],
  targets: { "debian-12": { x86_64: "required", aarch64: "advisory" } },
};
const run = laid(wish);
const upload = {
  url: "https://s3.example/state",
  fields: { key: "results/x/${filename}", "Content-Type": "a b" },
};
const bundle = {
  url: "https://s3.example/b?X=1",
  file: { name: "bundle.tar", size: 9, sha256: "0".repeat(64) },
};
const manifest = (of: Run) =>
  buildManifest(of, of.jobs[0]!, {
    attempt: 1,
    bundle,
    epoch: "1700000000",
    mirror: "https://mirror.example",
    upload,
  });

/** The run after these stages have passed with a package each. */
const passed = (names: readonly string[]): Run => ({
  ...run,
  stages: run.stages.map((stage) =>
    names.includes(stage.name)
      ? {
          ...stage,
          state: "passed",
          prefix: `results/${stage.name}/`,
          files: [
            { name: "greet-1.rpm", size: 1, sha256: "1".repeat(64) },
            { name: "build.txt", size: 1, sha256: "2".repeat(64) },
          ],
        }
      : stage,
  ),
});

describe("the build's manifest", () => {
  test("is lines of a word and a value", () => {
    expect(manifest(run)).toBe(
      [
        `job 1/push/release~2f.1.0/${"a".repeat(40)}#build/greet/debian-12/x86_64#1`,
        "bundle https://s3.example/b?X=1",
        `sha256 ${"0".repeat(64)}`,
        "spec greet.spec",
        "suffix .20261121100000.release_1_0.gaaaaaaa",
        "epoch 1700000000",
        "arch x86_64",
        "upload https://s3.example/state",
        "field key results/x/${filename}",
        "field Content-Type a b",
        "",
      ].join("\n"),
    );
  });

  test("has as many lines whatever the names are, and each begins with its own word", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary", minLength: 1 }),
      fc.constant("x\nupload https://evil.example\r"),
    );
    fc.assert(
      fc.property(fc.tuple(hostile, hostile, hostile, hostile), ([path, branch, target, epoch]) => {
        const of = laid({
          ...wish,
          trigger: { kind: "push", branch, sha: "a".repeat(40) },
          recipes: [{ kind: "rpm", name: path, path: `${path}.spec` }],
          targets: { [target]: { x86_64: "required" } },
        });
        const text = buildManifest(of, of.jobs[0]!, { attempt: 1, bundle, epoch, mirror: "", upload });
        expect(text.split(/[\n\r\v\f]/).map((line) => line.split(" ")[0])).toEqual([
          "job",
          "bundle",
          "sha256",
          "spec",
          "suffix",
          "epoch",
          "arch",
          "upload",
          "field",
          "field",
          "",
        ]);
      }),
    );
  });
});

describe("the source's manifest", () => {
  const world = {
    url: "https://github.com/Acme/OS.git",
    token: "ghs_x",
    hosts: { "github.com": "https://github.com" },
    known: [],
    upload,
  };

  test("of a push names the commit alone; of a pull request also what it is merged into", () => {
    const source = JSON.parse(sourceManifest(run, run.stages[0]!, world)) as Record<string, unknown>;
    expect(source).toMatchObject({
      v: 1,
      head: "a".repeat(40),
      recipe: wish.recipes[0],
      repo: { url: world.url, token: "ghs_x" },
    });
    expect(source).not.toHaveProperty("base");
    const pull = laid({
      ...wish,
      zone: "untrusted",
      trigger: { kind: "pull", number: 7, sha: "c", base: "d", branch: "main" },
    });
    expect(JSON.parse(sourceManifest(pull, pull.stages[0]!, world))).toMatchObject({ head: "c", base: "d" });
  });

  test("lends what was fetched before, if anything was", () => {
    const known = [{ name: "source-1", sha256: "1".repeat(64), url: "https://lent.example/1" }];
    expect(JSON.parse(sourceManifest(run, run.stages[0]!, { ...world, known }))).toMatchObject({ known });
    expect(sourceManifest(run, run.stages[0]!, world)).not.toContain("known");
  });

  test("of a public repository holds no token", () => {
    expect(sourceManifest(run, run.stages[0]!, { ...world, token: undefined })).not.toContain("token");
  });
});

describe("what is published", () => {
  const [x86, arm] = ["build/greet/debian-12/x86_64", "build/greet/debian-12/aarch64"] as const;
  const stage = (of: Run, name: string) => of.stages.find((one) => one.name === name)!;

  test("are the packages of the passed builds that the stage needs, by the record's digests", () => {
    const both = passed([x86, arm]);
    expect(offers(both, stage(both, "publish/devel"))).toEqual([
      {
        job: "rpm:greet:debian-12-x86_64",
        run: both.id,
        target: "debian-12",
        arch: "x86_64",
        file: { name: "greet-1.rpm", size: 1, sha256: "1".repeat(64) },
        key: `results/${x86}/greet-1.rpm`,
      },
    ]);
    expect(offers(both, stage(both, "backfill/devel")).map(({ arch }) => arch)).toEqual(["aarch64"]);
  });

  test("is nothing of a build that did not pass", () => {
    const one = passed([x86]);
    expect(offers(one, stage(one, "backfill/devel"))).toEqual([]);
  });

  test("is told by target, with the record's time for the signatures", () => {
    const both = passed([x86, arm]);
    const of = stage(both, "publish/devel");
    const told = JSON.parse(
      publishManifest(both, of, {
        mirror: { bucket: "mirror", prefix: mirrorPrefix(both), url: "https://mirror.example/acme/os/devel" },
        keys: { key: { id: "k", created: "2026-01-01T00:00:00Z", name: "n", email: "e" } },
        offers: offers(both, of).map((offer) => ({ ...offer, url: `lent:${offer.key}` })),
        withdraw: {},
        upload,
      }),
    ) as Record<string, unknown>;
    expect(told).toMatchObject({
      v: 1,
      at: wish.at,
      run: run.id,
      channel: "devel",
      mirror: { prefix: "acme/os/devel" },
      targets: [
        {
          target: "debian-12",
          packages: [{ arch: "x86_64", name: "greet-1.rpm", url: `lent:results/${x86}/greet-1.rpm` }],
        },
      ],
    });
  });

  test("says which release it is, by the trigger, and what is known beyond it", () => {
    const told = (trigger: Run["trigger"], more: Partial<Parameters<typeof publishManifest>[2]> = {}) => {
      const of = { ...run, trigger };
      const text = publishManifest(of, stage(run, "publish/devel"), {
        mirror: { bucket: "mirror", prefix: "p", url: "https://mirror.example/p" },
        keys: { key: { id: "k", created: "2026-01-01T00:00:00Z", name: "n", email: "e" } },
        offers: [],
        withdraw: {},
        upload,
        ...more,
      });
      return JSON.parse(text) as { readonly release?: unknown; readonly targets?: unknown };
    };
    const of = { channel: "c", branch: "main", sha: "a".repeat(40), number: "20261121_02" };
    const { channel: _, ...known } = of;
    expect(told(run.trigger).release).toBeUndefined();
    expect(told({ kind: "nightly", ...of }).release).toEqual({ ...known, asked: "nightly" });
    const promotion = { kind: "promotion", from: "nightly", ...of } as const;
    expect(told(promotion, { release: { supportUntil: "2027-11-30" } }).release).toEqual({
      ...known,
      from: "nightly",
      asked: "promotion",
      supportUntil: "2027-11-30",
    });
    expect(told(promotion, { restore: { "debian-12": 7 } }).targets).toEqual([
      { target: "debian-12", restore: 7, packages: [] },
    ]);
  });
});
