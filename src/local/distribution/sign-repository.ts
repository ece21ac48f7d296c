import { copyFile, link, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "./run-tool.ts";
import type { SigningKey } from "./signing-key.ts";

/** A signed rpm and the name that clients see. */
export interface Listed {
  readonly file: string;
  readonly name: string;
}

/** Makes a repository in the new directory `dir`: the rpms (as hard links), an index, its signature and the key. */
export async function signRepository(dir: string, rpms: readonly Listed[], key: SigningKey): Promise<void> {
  await mkdir(dir);
  for (const { file, name } of rpms) await link(file, join(dir, `${name}.rpm`));
  await runTool([
    "createrepo_c",
    "--quiet",
    "--no-database",
    "--revision",
    "1",
    "--set-timestamp-to-revision",
    "--workers",
    "2",
    dir,
  ]);
  const index = join(dir, "repodata/repomd.xml");
  await key.signFile(index);
  await copyFile(key.path, `${index}.key`);
}
