import { expect, test } from "vitest";
import { type Config, readConfig } from "../../../src/bot/config/config.ts";
import { targetsOf } from "../../../src/bot/work/targets.ts";
import { type Choosing, chosen, wantedWork } from "../../../src/bot/work/work.ts";
import type { Deployment } from "../../../src/pipelines/deployment.ts";
import { readDescription } from "../../../src/pipelines/kiwi/description.ts";
import { jobName } from "../../../src/pipelines/plan.ts";

const KIWI = `<image schemaversion="7.5" name="os">
<profiles><profile name="Box"/><profile name="Disk" arch="x86_64"/></profiles>
<preferences profiles="Box"><type image="oci"/></preferences>
<preferences profiles="Disk"><type image="oem"/></preferences>
</image>`;
const leap = { x86_64: "leap", aarch64: "leap" } as const;
const target = { images: leap, arches: { x86_64: "required", aarch64: "advisory" } } as const;
const repositories = [{ url: "https://example.org/{arch}", key: "https://example.org/key" }];
const deployment = {
  targets: { leap: { ...target, kiwi: { images: leap, repositories } }, plain: target },
  defaults: ["leap", "plain"],
} as unknown as Deployment;

/** What is chosen where a spec and a description stand beside each other. */
function choosing(rules = "", more: Partial<Choosing> = {}): Choosing {
  const config = readConfig(rules) as Config;
  const wanted = targetsOf(config, deployment);
  if ("refusal" in wanted) throw new Error(wanted.refusal.title);
  return {
    config,
    targets: wanted.targets,
    deployment,
    paths: ["os/os.kiwi", "os/root/etc/motd", "pkg/pkg.spec"],
    changed: "too-many",
    described: new Map([["os/os.kiwi", readDescription(KIWI)]]),
    ...more,
  };
}
const names = (of: Choosing): readonly string[] => chosen(of).work.map(jobName);
const images = (of: Choosing): readonly string[] => names(of).filter((name) => name.startsWith("image:"));

test("a description is built as its images, where the target has what makes them", () => {
  expect(images(choosing())).toEqual([
    "image:os:leap-x86_64:Box:oci",
    "image:os:leap-x86_64:Disk:oem",
    "image:os:leap-aarch64:Box:oci",
  ]);
});

test("the rules leave profiles and types of it", () => {
  expect(images(choosing("recipes: { os: { profiles: [Disk] } }"))).toEqual([
    "image:os:leap-x86_64:Disk:oem",
  ]);
  expect(images(choosing("recipes: { os: { types: [oci], arches: [aarch64] } }"))).toEqual([
    "image:os:leap-aarch64:Box:oci",
  ]);
});

test("what makes nothing is told of", () => {
  const of = choosing("recipes: { os: { profiles: [Nobody] } }");
  expect(chosen(of).left).toEqual([
    {
      what: "os",
      because: "its description and the rules leave no image that this deployment makes for these targets",
    },
  ]);
});

test("one that cannot be read is a job all the same, whose source stage says why", () => {
  const described = new Map([["os/os.kiwi", readDescription("<image>")]]);
  expect(images(choosing("", { described }))).toEqual(["image:os:leap-x86_64", "image:os:leap-aarch64"]);
});

test("who is only trusted has packages built, and images not before an ACK", () => {
  const trusted = choosing("", { leave: { rule: "trusted" } });
  expect(names(trusted).every((name) => name.startsWith("rpm:"))).toBe(true);
  expect(names(trusted)).not.toEqual([]);
  expect(chosen(trusted).left.map(({ what }) => what)).toEqual(["os"]);
  expect(wantedWork(trusted, { arches: [], recipes: ["os"] })).toEqual([]);
  for (const rule of ["acked", "committer", "canWrite", "ownBranch"])
    expect(images(choosing("", { leave: { rule } }))).toHaveLength(3);
});

test("a file below the description's folder touches it, and nothing else", () => {
  expect(
    names(choosing("", { changed: ["os/root/etc/motd"] })).every((name) => name.startsWith("image:")),
  ).toBe(true);
});
