import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bucketOf } from "../../src/cli/runs.ts";
import type { World } from "../../src/cli/world.ts";
import type { Run } from "../../src/pipelines/run.ts";
import type { Stage } from "../../src/pipelines/stage.ts";
import { NATIVE } from "./chapters.ts";
import { bytesOf, stageOf } from "./mirror.ts";
import { runOf } from "./outcome.ts";
import { settled, type Settled } from "./settled.ts";
import { whyNoImages } from "./why-no-images.ts";

// Images on the whole stack: real doors, kiwi, and the distribution that this machine makes.
const skipped = whyNoImages();
const [owner, repo] = ["maria", "system"];
const run = promisify(execFile);

const DESCRIPTION = `<?xml version="1.0" encoding="utf-8"?>
<image schemaversion="7.5" name="system">
  <description type="system">
    <author>Maria</author><contact>maria@example.org</contact><specification>A small system</specification>
  </description>
  <profiles>
    <profile name="Rootfs" description="A root as an archive"/>
    <profile name="Oci" description="A container"/>
  </profiles>
  <preferences>
    <version>1.0.0</version><packagemanager>dnf</packagemanager>
    <rpm-check-signatures>true</rpm-check-signatures><rpm-excludedocs>true</rpm-excludedocs>
  </preferences>
  <preferences profiles="Rootfs"><type image="tbz"/></preferences>
  <preferences profiles="Oci">
    <type image="oci"><containerconfig name="example/system" tag="1.0.0"><entrypoint execute="/bin/bash"/></containerconfig></type>
  </preferences>
  <repository type="rpm-md"><source path="obsrepositories:/"/></repository>
  <packages type="image"/>
  <packages type="bootstrap">
    <package name="millwright-filesystem"/><package name="bash"/><package name="coreutils"/>
  </packages>
</image>
`;
const FILES = {
  "os/system.kiwi": DESCRIPTION,
  "os/root/etc/motd": "Made by Millwright\n",
  "os/config.sh": "#!/bin/bash\nset -e\necho configured > /etc/configured\n",
};

describe.skipIf(skipped)(`${skipped ?? ""}a kiwi description`, { timeout: 900_000 }, () => {
  let town: Settled;
  let dir: string;
  let world: World;

  beforeAll(async () => {
    town = await settled({ owner, repo, files: { "README.md": "# System\n" } });
    ({ world, dir } = town);
  }, 900_000);
  afterAll(() => town?.close(), 60_000);

  /** Brings a file of a stage here, and gives its path. */
  async function download(stage: Stage, end: string): Promise<string> {
    const file = stage.files?.find(({ name }) => name.endsWith(end));
    if (!file)
      throw new Error(`${stage.name} left no ${end}: ${stage.files?.map(({ name }) => name).join(" ")}`);
    const path = join(dir, file.name);
    await writeFile(path, await bytesOf(world, "StateBucket", `${stage.prefix}${file.name}`));
    return path;
  }

  const textIn = async (archive: string, path: string): Promise<string> =>
    (await run("tar", ["-xOf", archive, path])).stdout;

  test("becomes a root and a container of the distribution's signed packages", async () => {
    const sha = await town.commit("main", FILES);
    const made: Run = await runOf(world.stack, sha);
    expect(made.jobs.map(({ name }) => name)).toEqual([
      `image:system:debian-12-${NATIVE}:Rootfs:tbz`,
      `image:system:debian-12-${NATIVE}:Oci:oci`,
    ]);
    expect(made.stages.map(({ name, state, because }) => `${name} ${state} ${because ?? ""}`)).toEqual([
      "source/image:system passed ",
      `build/image:system/debian-12/${NATIVE}/Rootfs/tbz passed `,
      `build/image:system/debian-12/${NATIVE}/Oci/oci passed `,
      "publish/devel passed ",
    ]);
    const rootfs = stageOf(made, `build/image:system/debian-12/${NATIVE}/Rootfs`);
    const archive = await download(rootfs, ".tar.xz");
    expect(await textIn(archive, "etc/motd")).toBe("Made by Millwright\n");
    expect(await textIn(archive, "etc/configured")).toBe("configured\n");
    const { stdout: owners } = await run("tar", ["--numeric-owner", "-tvf", archive, "usr/bin/bash"]);
    expect(owners).toContain("0/0");
    const packages = await readFile(await download(rootfs, ".packages"), "utf8");
    expect(packages.split("\n").filter((line) => line.startsWith("bash|"))).toHaveLength(1);

    const container = await download(
      stageOf(made, `build/image:system/debian-12/${NATIVE}/Oci`),
      ".oci.tar.xz",
    );
    expect(JSON.parse(await textIn(container, "oci-layout"))).toEqual({ imageLayoutVersion: "1.0.0" });
  });

  test("is published under a number and under a name that stays, with digests that our key signed", async () => {
    const channel = `${world.stack.mirrorUrl}/${owner}/${repo}/devel`;
    const mirror = bucketOf(world.stack, "MirrorBucket");
    const numbered = (await mirror.list(`${owner}/${repo}/devel/images/2`)).map(({ key }) => key);
    expect(numbered.map((key) => key.slice(key.lastIndexOf("/") + 1))).toEqual(
      ["Oci", "Rootfs"].flatMap((profile) => {
        const name = `system-${profile}.${NATIVE}-1.0.0`;
        const ending = profile === "Oci" ? "oci.tar.xz" : "tar.xz";
        const beside = ["", ".cdx.json", ".cdx.json.asc", ".sha256", ".sha256.asc", ".sigstore.json"];
        return [
          `${name}.changes.xz`,
          ...beside.map((more) => `${name}.${ending}${more}`),
          `${name}.packages`,
          `${name}.verified`,
        ].toSorted();
      }),
    );
    const newest = `system-Rootfs.${NATIVE}.tar.xz`;
    for (const name of [newest, `${newest}.sha256`, `${newest}.sha256.asc`])
      await fetched(`${channel}/images/latest/${name}`, name);
    await run("sha256sum", ["--check", `${newest}.sha256`], { cwd: dir });
    await fetched(`${channel}/RPM-GPG-KEY-millwright`, "key");
    const env = { ...process.env, GNUPGHOME: await mkdtemp(join(dir, "gpg-")) };
    await run("gpg", ["--batch", "--import", "key"], { cwd: dir, env });
    const said = await run("gpg", ["--batch", "--verify", `${newest}.sha256.asc`, `${newest}.sha256`], {
      cwd: dir,
      env,
    });
    expect(said.stderr).toContain("Good signature");
  });

  async function fetched(url: string, name: string): Promise<void> {
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    await writeFile(join(dir, name), Buffer.from(await answer.arrayBuffer()));
  }

  test("that is none fails in its source stage, at its line", async () => {
    const broken = DESCRIPTION.replace("</profiles>", "");
    const made = await runOf(world.stack, await town.commit("main", { "os/system.kiwi": broken }));
    expect(made.stages[0]).toMatchObject({
      state: "failed",
      because: expect.stringMatching(/^os\/system\.kiwi:23: This is not well-formed XML/) as string,
    });
    expect(await bucketOf(world.stack, "StateBucket").list(`results/${made.id}/build`)).toEqual([]);
  });
});
