/** Commits a root: `REPOSITORY ROOT REF TIME [VERSION]`. Writes the commit that the ref leads to then. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commitRoot } from "./commit-root.ts";
import { localRepository } from "./local-repository.ts";
import { isRef, refPath } from "../../pipelines/ostree/names.ts";

const [dir = "", root = "", ref = "", at = "", version = ""] = process.argv.slice(2);
if (!isRef(ref)) throw new Error(`${ref} is no name of a ref.`);

const commit = commitRoot(await localRepository(dir), {
  root,
  ref,
  at: new Date(at),
  version: version === "" ? undefined : version,
  parent: parentOf(),
});
process.stdout.write(`${commit}\n`);

function parentOf(): string | undefined {
  try {
    return readFileSync(join(dir, refPath(ref)), "utf8").trimEnd();
  } catch {
    return undefined;
  }
}
