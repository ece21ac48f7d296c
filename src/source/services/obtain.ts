import { open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Shelf } from "../shelf.ts";
import type { Bench } from "./bench.ts";
import { fetchAlone, type Revision } from "./revision.ts";
import type { Upstream } from "./upstream.ts";

/** A commit is known by its name alone, whoever kept it: git finds every object by its own digest. */
const asked = ({ url }: Upstream, commit: string): string => `git ${url} ${commit}`;

/** Gets a commit without its history: what an earlier stage left of it, or else from upstream. */
export async function obtain(
  upstream: Upstream,
  revision: Revision,
  { shelf, say }: Pick<Bench, "shelf" | "say">,
): Promise<void> {
  const { git, dir } = upstream;
  const pack = join(dir, "objects/pack/pack-known");
  if (await shelf.take(asked(upstream, revision.commit), `${pack}.pack`)) {
    // Of what it refers to, not all is here; that can be fetched still.
    await writeFile(`${pack}.promisor`, "");
    await writeFile(join(dir, "shallow"), `${revision.commit}\n`);
    if (await isRead(upstream, `${pack}.pack`, revision.commit)) {
      say(`${revision.commit} was fetched before`);
      for (const tag of revision.tags) await git({ args: ["update-ref", tag, revision.commit] });
      return;
    }
    const left = [...["pack", "idx", "promisor"].map((end) => `${pack}.${end}`), join(dir, "shallow")];
    await Promise.all(left.map((path) => rm(path, { force: true })));
  }
  await fetchAlone(upstream, revision);
}

async function isRead({ git }: Upstream, pack: string, commit: string): Promise<boolean> {
  const { code } = await git({ args: ["index-pack", "--fsck-objects", pack], answers: [0, 1, 128] });
  if (code !== 0) return false;
  const args = ["-c", "remote.origin.promisor=false", "cat-file", "-e", `${commit}^{tree}`];
  return (await git({ args, answers: [0, 1, 128] })).code === 0;
}

/** Leaves what was fetched of a commit for the next time. */
export async function leave(upstream: Upstream, commit: string, shelf: Shelf): Promise<void> {
  const { git, dir } = upstream;
  const walk = ["--no-walk", "--objects", "--no-object-names", "--missing=allow-any", commit];
  const { out } = await git({ args: ["rev-list", ...walk] });
  const path = join(dir, "left.pack");
  const file = await open(path, "w");
  try {
    const args = ["pack-objects", "--stdout", "--quiet", "--threads=1"];
    await git({ args, input: out.toString("utf8"), into: file.fd });
  } finally {
    await file.close();
  }
  await shelf.keep(asked(upstream, commit), path);
}
