import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Content } from "./gate.ts";
import { inParallel } from "./in-parallel.ts";
import type { Desk, Fetched, Judged } from "./judge.ts";
import type { Fresh } from "./describe.ts";
import { fileOf, poolPath } from "./nevra.ts";
import { signPackages } from "./sign-packages.ts";

/** Signs copies of what the gate admitted; what was fetched stays as it was built. */
export async function signAdmitted(
  { tools, key, manifest }: Desk,
  dir: string,
  admitted: Judged["verdict"]["admitted"],
): Promise<readonly Fresh[]> {
  const locals = await inParallel(admitted, async ({ local }, index) => {
    const copy = join(dir, `${index}.rpm`);
    await copyFile(local, copy);
    return copy;
  });
  await signPackages(locals, { key, at: new Date(manifest.at), tools, dir });
  return inParallel(admitted, async (one, index) => {
    const local = locals[index] ?? one.local;
    return { local, package: entry(one, await contentOf(local)) };
  });
}

function entry(one: Fetched & { readonly nevra: string }, signed: Content): Fresh["package"] {
  if ("unreadable" in one.header) throw new Error(one.header.unreadable);
  const file = fileOf(one.header);
  return {
    nevra: one.nevra,
    name: one.header.name,
    file,
    path: poolPath(signed.sha256, file),
    ...signed,
    unsigned: one.actual.sha256,
    run: one.run,
  };
}

async function contentOf(file: string): Promise<Content> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return { size: (await stat(file)).size, sha256: hash.digest("hex") };
}
