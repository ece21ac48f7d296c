import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Mirror } from "../../../src/publish/mirror.ts";
import { moveAll, settle } from "../../../src/publish/moves.ts";
import type { LocalRepository } from "../../../src/publish/ostree/local-repository.ts";
import { refPath } from "../../../src/pipelines/ostree/names.ts";
import { prepareTree } from "../../../src/publish/ostree/prepare-tree.ts";
import type { ReadyTree } from "../../../src/publish/ostree/prepare-tree.ts";
import { writeConfig, writeSummary } from "../../../src/publish/ostree/summary.ts";
import { AT, scratch, serve, testKey, testMirror } from "../kit.ts";
import { composer, REF, shelfOf } from "./kit.ts";

/** Through what, to which ref and from where it is published. */
interface From {
  readonly mirror: Mirror;
  readonly ref: string;
  readonly repository: LocalRepository;
}

/** A mirror that is served and says what was asked of it, a composer, and a publisher of its commits. */
export async function town(mode?: string) {
  const place = await scratch();
  const dir = join(place.dir, "mirror");
  const there = await testMirror(dir);
  const asked: string[] = [];
  const served = await serve(async (path) => {
    const bytes = await readFile(dir + path).catch(() => undefined);
    asked.push(bytes ? path : `${path} (not there)`);
    return bytes;
  });
  const made = await composer(place.dir, mode);
  const key = await testKey();
  const hand = { key, at: new Date(AT) };
  const deskAt = (mirror: Mirror) => ({ mirror, shelf: shelfOf(mirror), hand, url: served.url });
  const ready = async (
    commit: string,
    { mirror = there.mirror, ref = REF, repository = made.repository }: Partial<From> = {},
  ): Promise<ReadyTree> => {
    await writeConfig(mirror);
    const step = await prepareTree(deskAt(mirror), { repository, ref, commit });
    if (step.refusals.length > 0) throw new Error(step.refusals.join(" "));
    return step.bring();
  };
  const move = async (tree: ReadyTree, mirror = there.mirror): Promise<void> => {
    if (!(await moveAll(mirror, tree.move ? [tree.move] : [])))
      throw new Error("The ref was moved by somebody else.");
  };
  return {
    ...made,
    move,
    dir: place.dir,
    mirrorDir: join(dir, "ostree"),
    mirror: there.mirror,
    url: served.url,
    certificate: key.certificate,
    hand,
    asked: () => asked.splice(0),
    ready,
    /** The ref as it was before. */
    rewind: (to: string | undefined) =>
      to === undefined
        ? rm(join(dir, "ostree", refPath(REF)))
        : there.mirror.put(`ostree/${refPath(REF)}`, Buffer.from(`${to}\n`)),
    async publish(commit: string, at: Parameters<typeof ready>[1] = {}): Promise<ReadyTree> {
      const mirror = at.mirror ?? there.mirror;
      await settle(mirror);
      const tree = await ready(commit, at);
      await move(tree, mirror);
      await writeSummary(deskAt(mirror), [tree]);
      return tree;
    },
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await there[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}
