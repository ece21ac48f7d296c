import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { plan } from "../../src/pipelines/plan.ts";
import { type Release, releaseKey } from "../../src/pipelines/release/release.ts";
import { type Run, runKey } from "../../src/pipelines/run.ts";
import { resultsPrefix, type Stage } from "../../src/pipelines/stage.ts";
import { build, NIGHTLY, NUMBER, promote, PROMOTION, PUBLISH, sources } from "./promotion-world.ts";
import { asked } from "./release-world.ts";
import { AT, SHA, type World, world } from "./world.ts";

// Releases of a system: an image that is booted, and a tree.
const DISK = "build/image:os/debian-12/x86_64/Disk/oem";
const BOOT = DISK.replace("build/", "check/");
const HOST = "build/tree:host/debian-12/x86_64";
const UPGRADE = HOST.replace("build/", "check/");
const REF = "acme/stable/x86_64";
const COMMIT = "c".repeat(64);
const IMAGE = "os-Disk.x86_64-1.0.0.qcow2";
const LIST = "os-Disk.x86_64-1.0.0.packages";
const packages = (version: string) => `bash|(none)|${version}|1|x86_64|(none)|GPL-3.0-or-later\n`;
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const SECOND = "20261121_02";
const BACK = "1/rollback/release/20261121_03";
const promotion = {
  kind: "promotion",
  channel: "release",
  from: "nightly",
  branch: "main",
  sha: SHA,
} as const;

const facts = { node: "R_1", owner: "acme", name: "os", installation: 2, private: false };
const laid = plan({
  repo: { id: 1, ...facts },
  trigger: { kind: "nightly", channel: "nightly", branch: "main", sha: SHA, number: NUMBER },
  zone: "trusted",
  channel: "nightly",
  at: AT,
  leave: { rule: "nightly" },
  left: [],
  work: [
    {
      recipe: { kind: "image", name: "os", path: "os/os.kiwi" },
      target: "debian-12",
      arch: "x86_64",
      tier: "required",
      profile: "Disk",
      type: "oem",
      boot: { fail: false },
    },
    {
      recipe: { kind: "tree", name: "host", path: "host/treefile.yaml" },
      target: "debian-12",
      arch: "x86_64",
      tier: "required",
      tree: { ref: REF, packages: ["bash"] },
    },
  ],
});

/** What the stages of the nightly left. */
const LEFT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "source/image:os": sources(),
  "source/tree:host": sources(),
  [DISK]: { [IMAGE]: "a disk", [LIST]: packages("5.2"), "kiwi.result.json": "{}" },
  [HOST]: { "tree.ostree.tar.zst": "a tree", "contents.tsv": "bash-5.2-1.x86_64\tpackage\t\t\n" },
  "publish/nightly": { "release.json": "{}" },
};

const FACTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [HOST]: { ref: REF, commit: COMMIT },
  "publish/nightly": { [`commit of ${REF}`]: COMMIT },
};

/** A nightly that passed, was published and lies there; `others`: the states of stages that did not pass. */
async function accepted(
  rules = "from: nightly",
  others: Readonly<Record<string, Stage["state"]>> = {},
  more: Readonly<Record<string, string>> = {},
): Promise<World> {
  const made = world();
  made.github.files.set(
    ".millwright.yml",
    `targets: { debian-12: [x86_64] }\nchannels: { nightly: { branch: main, nightly: '02:00' }, release: { ${rules} } }\n`,
  );
  made.github.branches.set("main", { sha: SHA, isProtected: true });
  made.github.pulls.set(7, made.github.pullOf({ number: 7, sha: SHA }));
  const stages = laid.stages.map((stage): Stage => {
    const prefix = resultsPrefix({ run: NIGHTLY, stage: stage.name, attempt: 1 });
    const files = Object.entries(LEFT[stage.name] ?? {}).map(([name, text]) => ({
      name,
      size: text.length,
      sha256: sha256(text),
    }));
    const facts = FACTS[stage.name];
    const told = stage.kind === "publish" ? { ...facts, ...more } : facts;
    return { ...stage, state: others[stage.name] ?? "passed", prefix, files, ...(told && { facts: told }) };
  });
  const run: Run = { ...laid, stages };
  for (const { name, prefix = "" } of stages)
    for (const [file, text] of Object.entries(LEFT[name] ?? {}))
      await made.ports.blobs.put(prefix + file, text);
  const release: Release = {
    v: 1,
    number: NUMBER,
    channel: "nightly",
    repo: laid.repo,
    asked: "night",
    at: AT,
    branch: "main",
    inputs: { sha: SHA, jobs: laid.jobs.map(({ recipe, target, arch }) => ({ recipe, target, arch })) },
  };
  await made.ports.runs.create(runKey(NIGHTLY), run);
  await made.ports.releases.create(releaseKey(1, "nightly", NUMBER), release);
  return made;
}

const summary = (made: World): string | undefined =>
  made.github.checks.findLast(({ check }) => check.name === "millwright:release")?.check.summary;

/** What the publish stage of a run was told. */
async function toldTo(made: World, run: string, stage: string): Promise<unknown> {
  const bytes = made.ports.blobs.all.get(`manifests/results/${run}/${stage}/1/manifest`);
  return bytes && JSON.parse(new TextDecoder().decode(bytes));
}

describe("a system's promotion", () => {
  test("builds its image and its tree again in the trusted place, boots the image, and publishes both at once", async () => {
    const made = await promote(await accepted());
    const { zone, stages } = await made.run(PROMOTION);
    expect(zone).toBe("trusted");
    expect(stages.map(({ name, pool }) => `${name} in ${pool}`)).toEqual([
      "source/image:os in source-trusted",
      "source/tree:host in source-trusted",
      `${DISK} in image-trusted-x86_64`,
      `${HOST} in tree-trusted-x86_64`,
      `${BOOT} in check-trusted-x86_64`,
      `${UPGRADE} in upgrade-trusted-x86_64`,
      `${PUBLISH} in publish`,
    ]);
    expect(stages.at(-1)?.needs.map(({ stage }) => stage)).toEqual([DISK, BOOT, HOST, UPGRADE]);
  });

  test("is refused where the image did not come up", async () => {
    const made = await promote(await accepted("from: nightly", { [BOOT]: "failed" }));
    expect(summary(made)).toContain("`image:os:debian-12-x86_64:Disk:oem`");
    await expect(made.run(PROMOTION)).rejects.toThrow("there is no run");
  });

  test("waits for a committer where the image has other packages than the tested one", async () => {
    const made = await promote(await accepted());
    await build(made, [PROMOTION, "source/image:os"], sources());
    await build(made, [PROMOTION, DISK], { [IMAGE]: "another disk", [LIST]: packages("5.3") });
    expect((await made.stage(PROMOTION, DISK)).differs).toMatchObject({
      changes: [
        { package: "bash-5.2-1.x86_64", kind: "package", is: "missing" },
        { package: "bash-5.3-1.x86_64", kind: "package", is: "added" },
      ],
    });
  });

  test("waits for nobody where it has the same ones", async () => {
    const made = await promote(await accepted());
    await build(made, [PROMOTION, "source/image:os"], sources());
    await build(made, [PROMOTION, DISK], { [IMAGE]: "another disk", [LIST]: packages("5.2") });
    expect((await made.stage(PROMOTION, DISK)).differs).toBeUndefined();
  });
});

describe("a system's promotion by content", () => {
  const RULES = "from: nightly, way: content";

  test("takes the tested image where it lies, and the tree as it was published", async () => {
    const made = await promote(await accepted(RULES));
    await made.dispatch("publish");
    const from = { bucket: "state", key: `results/${NIGHTLY}/${DISK}/1/${IMAGE}` };
    expect(await toldTo(made, PROMOTION, PUBLISH)).toMatchObject({
      release: { number: NUMBER, from: "nightly" },
      lock: {
        jobs: [
          { name: "image:os:debian-12-x86_64:Disk:oem", packages: sha256(packages("5.2")) },
          { name: "tree:host:debian-12-x86_64", commit: COMMIT },
        ],
      },
      targets: [],
      promoted: [{ ref: REF, commit: COMMIT, prefix: "acme/os/nightly" }],
      images: [
        { name: IMAGE, sha256: sha256("a disk"), from, url: `memory:${from.key}` },
        { name: LIST, sha256: sha256(packages("5.2")) },
      ],
    });
    expect(await toldTo(made, PROMOTION, PUBLISH)).not.toHaveProperty("trees");
  });

  test("takes a tree that others were published before as the commit that it came to be", async () => {
    const [commit, composed] = ["e".repeat(64), `composed for ${REF}, before others were published`];
    const facts = { [`commit of ${REF}`]: commit, [composed]: COMMIT };
    const made = await promote(await accepted(RULES, {}, facts));
    await made.dispatch("publish");
    expect(await toldTo(made, PROMOTION, PUBLISH)).toMatchObject({ promoted: [{ ref: REF, commit }] });
  });

  test("is refused where the image is not there any more, or the tree is not the one that was published", async () => {
    const made = await accepted(RULES);
    made.ports.blobs.all.delete(`results/${NIGHTLY}/${DISK}/1/${IMAGE}`);
    const { value, version } = (await made.ports.runs.read(runKey(NIGHTLY))) ?? {};
    if (!value || version === undefined) throw new Error("there is no nightly");
    const stages = value.stages.map((stage) =>
      stage.name === HOST ? { ...stage, facts: { ref: REF, commit: "d".repeat(64) } } : stage,
    );
    await made.ports.runs.replace(runKey(NIGHTLY), { ...value, stages }, version);
    await promote(made);
    expect(summary(made)).toContain(`not there any more as it was recorded: \`${IMAGE}\`, \`${REF}\``);
  });
});

describe("a system's rollback", () => {
  /** Two releases of the channel without a package, and a committer who goes back to the first. */
  async function back(told: boolean): Promise<World> {
    const made = await accepted();
    const nightly = (await made.ports.releases.read(releaseKey(1, "nightly", NUMBER)))?.value;
    if (!nightly) throw new Error("there is no nightly");
    const files = told ? [{ name: "release.json", size: 2, sha256: sha256("{}") }] : [];
    for (const number of [NUMBER, SECOND]) {
      const id = PROMOTION.replace(NUMBER, number);
      await made.ports.runs.create(runKey(id), {
        ...laid,
        id,
        trigger: { ...promotion, number },
        channel: "release",
        stages: laid.stages.map((stage) => ({
          ...stage,
          name: stage.name.replace("publish/nightly", PUBLISH),
          state: "passed" as const,
          files: stage.kind === "publish" ? files : [],
        })),
      });
      const release = { ...nightly, number, channel: "release", from: "nightly" };
      await made.ports.releases.create(releaseKey(1, "release", number), release);
    }
    await asked(made, `/rollback release ${NUMBER}`);
    await made.dispatch("publish");
    return made;
  }

  test("is published where nothing but the old release's document tells of images and trees", async () => {
    const made = await back(true);
    expect(await toldTo(made, BACK, PUBLISH)).toMatchObject({ release: { of: NUMBER }, targets: [] });
  });

  test("is not where the old release published nothing", async () => {
    const made = await back(false);
    expect(await toldTo(made, BACK, PUBLISH)).toBeUndefined();
    expect((await made.stage(BACK, PUBLISH)).state).toBe("failed");
  });
});
