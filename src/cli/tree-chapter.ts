import { access } from "node:fs/promises";
import type { RootArch } from "../local/distribution/build-root.ts";
import { type CheckRun, checkNamed, untilChecks, WHOLE } from "./see.ts";
import { type Chapter, hold, type Stage } from "./stage.ts";

/** A repository of its own: what a system is made of, and the disk that is made of that. */
const REPO = "system";
const TREE = "tree:os:debian-12-x86_64";
const DISK = "image:cloud:debian-12-x86_64:qcow2";
const RULES = "recipes:\n  cloud: { tree: os, images: [qcow2], boot: { seconds: 300 } }\n";
const PACKAGES = "bash coreutils grub-pc-bin kernel kmod login systemd-sysv udev util-linux".split(" ");

/** What makes a disk on this machine. */
const TOOLS = ["grub-mkimage", "ostree", "qemu-img", "qemu-system-x86_64"];

const treefile = (packages: readonly string[]): string =>
  `ref: maria/\${basearch}/system\npackages: [${packages.join(", ")}]\n`;

/** A pull request changes what a system is made of: its tree, the disk that comes of it, and how fast that starts. */
export const treeChapter = (arches: readonly RootArch[]): Chapter => ({
  name: "A system as a tree, and a disk of it that boots",
  async play(stage) {
    const lack = await lackOf(arches);
    if (lack !== undefined) return stage.tell.step(`Skipped, because ${lack}.`);
    const { admin } = stage.world.github;
    const owner = stage.town.owner;
    const there = { ...stage, town: { ...stage.town, repo: REPO } };
    const commit = (branch: string, message: string, files: Readonly<Record<string, string>>) =>
      admin.commit(owner, REPO, { by: owner, branch, message, files });

    stage.tell.step(
      "maria has a repository with a treefile: the packages of a system, composed as one signed tree.",
    );
    await admin.createRepository({ owner, name: REPO, files: { "README.md": "# A system\n" } });
    admin.protectBranch(owner, REPO, "main");
    await admin.install(owner, [REPO]);
    const first = await commit("main", "A system", { "os/treefile.yaml": treefile(PACKAGES) });
    const published = await untilChecks(there, first, isOver("publish:devel"));
    hold(stage, "its tree is published", checkNamed(published, "publish:devel")?.conclusion === "success");

    stage.tell.step(
      "She wants a disk for clouds of each tree that is composed from now on, and to know how fast it starts.",
    );
    stage.tell.detail(...RULES.trimEnd().split("\n"));
    await commit("main", "A disk of it", { ".millwright.yml": RULES });

    stage.tell.step("Then she proposes that sed is in it.");
    const sha = await commit("sed", "Add sed", { "os/treefile.yaml": treefile([...PACKAGES, "sed"]) });
    const { rest } = stage.town.as(stage.town.maintainer);
    const { data } = await rest.pulls.create({
      owner,
      repo: REPO,
      title: "Add sed",
      head: "sed",
      base: "main",
    });
    stage.tell.detail(data.html_url);
    tellWhat(stage, await untilChecks(there, sha, isOver(WHOLE, TREE, DISK)));
  },
});

/** What the checks of the pull request show. */
function tellWhat(stage: Stage, checks: readonly CheckRun[]): void {
  const [tree, disk] = [TREE, DISK].map((name) => checkNamed(checks, name));
  const summary = tree?.output.summary ?? "";
  stage.tell.detail(...summary.split("\n"));
  hold(stage, "the tree's check names its commit", /^Commit [0-9a-f]{10}/.test(tree?.output.title ?? ""));
  hold(stage, "and the package that came", summary.includes("+ sed"));
  stage.tell.detail(...(disk?.output.summary ?? "").split("\n"));
  hold(stage, "the disk's check is green", disk?.conclusion === "success");
  hold(stage, "and says how long it takes to start", /^It boots in [0-9.]+ s/.test(disk?.output.title ?? ""));
  hold(stage, `the check ${WHOLE} is green`, checkNamed(checks, WHOLE)?.conclusion === "success");
}

const isOver =
  (...names: readonly string[]) =>
  (checks: readonly CheckRun[]): boolean =>
    names.every((name) => checkNamed(checks, name)?.status === "completed");

/** Why no disk is made here, or nothing. */
async function lackOf(arches: readonly RootArch[]): Promise<string | undefined> {
  if (!arches.includes("x86_64") || process.arch !== "x64") return "disks are made for PCs only, on a PC";
  const found = await Promise.all(TOOLS.map(isThere));
  const missing = TOOLS.filter((_, i) => !found[i]);
  return missing.length > 0 ? `${missing.join(", ")} cannot be found` : undefined;
}

const isThere = (tool: string): Promise<boolean> =>
  access(`/usr/bin/${tool}`).then(
    () => true,
    () => false,
  );
