import { expect, test } from "vitest";
import { watchMirror } from "../../../src/flow/tend/watch-mirror.ts";
import { type Look, WATCHED, type Watched } from "../../../src/pipelines/release/canary.ts";
import { publisherKey, type Publisher } from "../../../src/pipelines/order/publisher.ts";
import { memoryBlobs, memoryRecords, recordsIn } from "../memory.ts";
import { AT, PULL, PUSH, repo, SHA, type World, world } from "../world.ts";

const REPO = "https://mirror.example/acme/os/devel/os-devel-debian-12.repo";
const good = { verdict: "good", findings: [] } as const;

async function watching(town: World) {
  const state = memoryBlobs();
  const publishers = recordsIn<Publisher>(state);
  const watched = memoryRecords<Watched>();
  const answers = new Map<string, () => Promise<Omit<Look, "at">>>();
  const asked: string[] = [];
  const look = async (address: string) => {
    asked.push(address);
    return (answers.get(address) ?? (async () => good))();
  };
  const watch = watchMirror({ ...town.ports, state, publishers, watched, look, clock: () => AT });
  return { publishers, watched, answers, asked, watch };
}

/** A push whose publication told where its repository is. */
async function published(facts: Readonly<Record<string, string>> = { "repository for debian-12": REPO }) {
  const town = world();
  town.github.branches.set("main", { sha: SHA, isProtected: true });
  await town.decide({ kind: "branch-pushed", repo, branch: "main" });
  const { stages } = await town.run(PUSH);
  for (const { name } of stages)
    await town.move(PUSH, {
      kind: "passed",
      stage: name,
      attempt: 1,
      at: AT,
      prefix: "results/",
      files: [],
      facts: name === "publish/devel" ? facts : {},
    });
  const eye = await watching(town);
  const devel = publisherKey({ repo, channel: "devel" });
  await eye.publishers.create(devel, { v: 1, attempts: [`${PUSH}#publish/devel#1`] });
  return { ...eye, devel };
}

test("what was published is looked at, and remembered as it looked", async () => {
  const { watch, asked, watched } = await published();
  await watch();
  expect(asked).toEqual([REPO]);
  expect((await watched.read(WATCHED))?.value.repositories).toEqual({ [REPO]: { at: AT, ...good } });
});

test("a channel of images alone is looked at by its own address", async () => {
  const channel = "https://mirror.example/acme/os/devel";
  const { watch, asked } = await published({ channel });
  await watch();
  expect(asked).toEqual([channel]);
});

test("what is wrong fails the door with the sentences, and is remembered", async () => {
  const { watch, answers, watched } = await published();
  answers.set(REPO, async () => ({ verdict: "wrong", findings: ["The signature is another key's."] }));
  await expect(watch()).rejects.toThrow(`${REPO}\nThe signature is another key's.`);
  expect((await watched.read(WATCHED))?.value.repositories[REPO]).toMatchObject({ verdict: "wrong" });
});

test("what was published once is looked at also when nobody speaks of it any more", async () => {
  const { watch, asked, publishers, devel } = await published();
  await watch();
  const record = await publishers.read(devel);
  await publishers.replace(devel, { v: 1, attempts: [] }, record?.version ?? "");
  await watch();
  expect(asked).toEqual([REPO, REPO]);
});

test("one that cannot be looked at does not hide the others", async () => {
  const { watch, answers, asked, watched } = await published();
  const gone = "https://mirror.example/acme/os/old/os-old-debian-12.repo";
  const before = { [gone]: { at: AT, ...good } };
  await watched.create(WATCHED, { v: 1, repositories: before });
  answers.set(gone, async () => {
    throw new Error("no disk");
  });
  await expect(watch()).rejects.toThrow("no disk");
  expect(asked).toEqual([gone, REPO]);
});

test("what pull requests publish is not looked at", async () => {
  const town = world();
  town.github.pulls.set(7, town.github.pullOf({ number: 7, sha: SHA }));
  await town.decide({ kind: "pull-changed", repo, number: 7 });
  const { watch, asked, publishers } = await watching(town);
  const attempts = [`${PULL}#channel/pr~2f.7#1`];
  await publishers.create(publisherKey({ repo, channel: "pr/7" }), { v: 1, attempts });
  await watch();
  expect(asked).toEqual([]);
});
