import { expect, test } from "vitest";
import type { Repository } from "../../../src/pipelines/kiwi/repository.ts";
import { repo, SHA, type World, world } from "../world.ts";

const [RUN, SOURCE, BUILD] = [
  `1/push/main/${SHA}`,
  "source/image:os",
  "build/image:os/debian-12/x86_64/tbz",
] as const;
const RPM = { url: "https://rpm.example/{arch}", key: "https://rpm.example/key" };
const DEBIAN: Repository = {
  url: "https://debian.example",
  key: "https://debian.example/key",
  type: "apt-deb",
  distribution: "bookworm",
  components: ["main", "contrib"],
};

const kiwi = (manager: string): string => `<image schemaversion="7.5" name="os">
<preferences>
<packagemanager>${manager}</packagemanager>
<type image="tbz"/>
</preferences>
</image>`;

/** An image of which the sources are there, and its target's repositories. */
async function begun(files: Readonly<Record<string, string>>, repositories: Repository[]): Promise<World> {
  const town = world();
  const target = town.ports.deployment.targets["debian-12"];
  if (!target?.kiwi) throw new Error("there is no kiwi");
  const targets = { "debian-12": { ...target, kiwi: { ...target.kiwi, repositories } } };
  town.ports.deployment = { ...town.ports.deployment, targets };
  town.github.state.paths = Object.keys(files);
  for (const [path, text] of Object.entries(files)) town.github.files.set(path, text);
  town.github.branches.set("main", { sha: SHA, isProtected: true });
  await town.decide({ kind: "branch-pushed", repo, branch: "main" });
  await town.dispatch("source-trusted");
  await town.leave(RUN, SOURCE, { "bundle.tar": "x", "facts.json": '{"epoch":1700000000}' });
  const { build = "" } = await town.stage(RUN, SOURCE);
  town.builder.end(build, "SUCCEEDED");
  await town.track(build);
  await town.dispatch("image-trusted-x86_64");
  return town;
}

/** The repositories that the build was told of. */
function told({ builder, ports }: World): readonly string[] {
  const key = builder.orders.at(-1)?.manifest.slice("memory:".length) ?? "";
  const lines = new TextDecoder().decode(ports.blobs.all.get(key)).split("\n");
  return lines.filter((line) => line.startsWith("repository ") || line.startsWith("debian "));
}

test("an image of Debian packages is made from the target's Debian repositories", async () => {
  const town = await begun({ "os/os.kiwi": kiwi("apt") }, [RPM, DEBIAN]);
  expect(told(town)).toEqual([
    "debian https://debian.example https://debian.example/key bookworm main contrib",
  ]);
});

test("an image of RPM packages is made from the others", async () => {
  const town = await begun({ "os/os.kiwi": kiwi("zypper") }, [RPM, DEBIAN]);
  expect(told(town)).toEqual(["repository https://rpm.example/x86_64 https://rpm.example/key"]);
});

test.each([
  ["apt", [RPM], "apt"],
  ["dnf", [DEBIAN], "dnf"],
  ["pacman", [RPM, DEBIAN], "pacman"],
])("a target without a repository for %s says so at its line, and nothing is begun", async (name, all) => {
  const town = await begun({ "os/os.kiwi": kiwi(name) }, all);
  expect(await town.stage(RUN, BUILD)).toMatchObject({
    state: "failed",
    because: `os/os.kiwi:3: The package manager is ${name}, and this deployment has no repository for it in debian-12.`,
  });
  expect(town.builder.orders).toHaveLength(1);
});

test("the line is that of the file that was included", async () => {
  const files = {
    "os/os.kiwi": `<image schemaversion="7.5" name="os"><include from="file://part.xml"/></image>`,
    "os/part.xml": kiwi("apt"),
  };
  const town = await begun(files, [RPM]);
  expect(await town.stage(RUN, BUILD)).toMatchObject({
    because: expect.stringContaining("os/part.xml:3: The package manager is apt") as string,
  });
});

test("without a line it is told of a description that names none", async () => {
  const text = kiwi("apt").replace("<packagemanager>apt</packagemanager>\n", "");
  const town = await begun({ "os/os.kiwi": text }, [DEBIAN]);
  expect(await town.stage(RUN, BUILD)).toMatchObject({
    because: expect.stringContaining("os/os.kiwi: The package manager is dnf") as string,
  });
});
