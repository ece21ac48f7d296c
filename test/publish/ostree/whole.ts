import { hash } from "node:crypto";
import { commitOf } from "../../../src/publish/ostree/local-repository.ts";
import { objectPath, refPath } from "../../../src/pipelines/ostree/names.ts";
import type { ObjectKind } from "../../../src/pipelines/ostree/names.ts";
import { treeShape } from "../../../src/pipelines/ostree/shapes.ts";

/** The commit that a ref leads to, if it is there; throws unless all that it leads to is there, too. `url`: of a repository. */
export async function wholeAt(url: string, ref: string): Promise<string | undefined> {
  const there = await fetch(`${url}/${refPath(ref)}`);
  if (there.status === 404 || there.status === 403) return undefined;
  const sum = (await there.text()).trim();
  const read = async (kind: ObjectKind, object: string): Promise<Buffer> => {
    const path = objectPath({ kind, sum: object });
    const answer = await fetch(`${url}/${path}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200)
      throw new Error(`${ref} leads to ${path}, which is answered with ${answer.status}`);
    if (kind !== "filez" && kind !== "commitmeta" && hash("sha256", bytes) !== object)
      throw new Error(`${ref} leads to ${path}, which is something else`);
    return bytes;
  };
  const walk = async (tree: string, rights: string): Promise<void> => {
    await read("dirmeta", rights);
    const [files, folders] = treeShape.read(await read("dirtree", tree));
    for (const [, file] of files) await read("filez", file.toString("hex"));
    for (const [, below, meta] of folders) await walk(below.toString("hex"), meta.toString("hex"));
  };
  const { tree, rights } = commitOf(sum, await read("commit", sum));
  if ((await read("commitmeta", sum)).length === 0) throw new Error(`${ref} leads to what nobody signed`);
  await walk(tree, rights);
  return sum;
}
