import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Elsewhere } from "../../../src/publish/elsewhere.ts";
import { moveAll } from "../../../src/publish/moves.ts";
import type { Mirror } from "../../../src/publish/mirror.ts";
import { returnTree } from "../../../src/publish/ostree/return-tree.ts";
import { writeConfig, writeSummary } from "../../../src/publish/ostree/summary.ts";
import { AT, lackOf, scratch, testKey, testMirror } from "../kit.ts";
import { client, ostree, REF, shelfOf, system } from "./kit.ts";
import { town } from "./town.ts";

const skipped = lackOf("ostree");
type Town = Awaited<ReturnType<typeof town>>;

/** Two days of a channel, both published. */
async function twoDays() {
  const it = await town();
  const first = await it.commit(system(1), 1);
  await it.publish(first);
  const second = await it.commit(system(2), 2);
  await it.publish(second);
  return { it, first, second };
}

/** A tree is published again, as a release of this number would. */
async function returned(
  { hand, certificate }: Town,
  mirror: Mirror,
  known: { readonly commit: string; readonly version: string; readonly from?: Elsewhere },
) {
  const desk = { mirror, shelf: shelfOf(mirror), hand };
  const step = await returnTree(desk, { ref: REF, ...known });
  if (step.refusals.length > 0) throw new Error(step.refusals.join(" "));
  await writeConfig(mirror);
  const tree = await step.bring();
  if (!(await moveAll(mirror, tree.move ? [tree.move] : []))) throw new Error("The ref was moved.");
  await writeSummary(desk, [tree]);
  return { ...tree, certificate };
}

/** What a file of a client's tree says. */
const fileOf = (repo: string, commit: string, path: string) => ostree("cat", `--repo=${repo}`, commit, path);

test.skipIf(skipped)(
  `an older tree comes back as a commit that clients take for news, and that costs one object${skipped}`,
  async () => {
    const { it, first, second } = await twoDays();
    await using _it = it;
    const phone = await client(it.dir, it);
    expect(await phone.pull()).toBe(second);
    const back = await returned(it, it.mirror, { commit: first, version: "20260303_01" });
    expect(back).toMatchObject({ fresh: 1, commit: { parent: second } });
    const commit = await phone.pull();
    expect(commit).toBe(back.commit.sum);
    expect(await fileOf(phone.repo, commit, "/usr/etc/release")).toBe("day 1");
    const shown = async (what: string) => ostree("show", `--repo=${phone.repo}`, what, commit);
    expect(await shown("--print-metadata-key=version")).toBe("'20260303_01'");
    expect(await shown("--print-metadata-key=ostree.ref-binding")).toBe(`['${REF}']`);
    // What an upgrade asks: a commit is not taken if it is older than what is there.
    await ostree("pull", "--timestamp-check", `--repo=${phone.repo}`, "acme", REF);
    await ostree("fsck", `--repo=${phone.repo}`, "--quiet");
  },
);

test.skipIf(skipped)(
  `a ref that goes back by itself is refused by a client that asks for news, so it does not${skipped}`,
  async () => {
    const { it, first } = await twoDays();
    await using _it = it;
    const phone = await client(it.dir, it, ["--set=gpg-verify-summary=false"]);
    await phone.pull();
    await it.rewind(first);
    for (const name of ["summary", "summary.sig"]) await rm(join(it.mirrorDir, name));
    await expect(ostree("pull", "--timestamp-check", `--repo=${phone.repo}`, "acme", REF)).rejects.toThrow(
      "is chronologically older than current revision",
    );
  },
);

test.skipIf(skipped)(`done again, and where the tree is there already, nothing moves${skipped}`, async () => {
  const { it, first } = await twoDays();
  await using _it = it;
  const back = await returned(it, it.mirror, { commit: first, version: "20260303_01" });
  const again = await returned(it, it.mirror, { commit: first, version: "20260303_01" });
  expect(again).toMatchObject({ fresh: 0, commit: { sum: back.commit.sum } });
  expect(again).not.toHaveProperty("move");
});

test.skipIf(skipped)(
  `a tree that was tested in one channel comes to another by the server alone, first whole and then what is new${skipped}`,
  async () => {
    const { it, first, second } = await twoDays();
    await using _it = it;
    await using place = await scratch();
    await using other = await testMirror(join(place.dir, "release"));
    const copied: string[] = [];
    const from: Elsewhere = {
      get: (key) => it.mirror.get(key),
      async copy(key) {
        copied.push(key);
        await other.mirror.put(key, await readFile(join(it.mirrorDir, "..", key)));
      },
    };
    const one = await returned(it, other.mirror, { commit: first, version: "20260301_01", from });
    expect(one.commit.parent).toBeUndefined();
    expect(copied.filter((key) => key.endsWith(".filez"))).toHaveLength(15);
    copied.length = 0;
    const two = await returned(it, other.mirror, { commit: second, version: "20260302_01", from });
    expect(two.commit.parent).toBe(one.commit.sum);
    expect(copied.filter((key) => key.endsWith(".filez"))).toHaveLength(2);
    const phone = await client(it.dir, { url: other.url, certificate: it.certificate });
    const commit = await phone.pull();
    expect(commit).toBe(two.commit.sum);
    expect(await fileOf(phone.repo, commit, "/usr/etc/release")).toBe("day 2");
    await ostree("fsck", `--repo=${phone.repo}`, "--quiet");
  },
);

test("a commit that is not published is refused", async () => {
  await using place = await scratch();
  await using there = await testMirror(join(place.dir, "mirror"));
  const hand = { key: await testKey(), at: new Date(AT) };
  const desk = { mirror: there.mirror, shelf: shelfOf(there.mirror), hand };
  const sum = "1".repeat(64);
  const { refusals } = await returnTree(desk, { ref: REF, commit: sum, version: "20260303_01" });
  expect(refusals).toEqual([`The commit ${sum} of ${REF} is not published any more.`]);
});
