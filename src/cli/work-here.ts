import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { RecipeFiles } from "../bot/work/update.ts";
import type { Recipe } from "../pipelines/run.ts";
import { publicLookup } from "../source/addresses.ts";
import { isPlainName } from "../source/files.ts";
import { careful } from "../source/progress.ts";
import { runUpdate } from "../source/run-update.ts";
import { openShelf } from "../source/shelf.ts";
import type { Hosts } from "../source/url.ts";
import type { WorkingCopy } from "./working-copy.ts";

/** Path -> new content; `undefined`: it goes. */
export type Changes = ReadonlyMap<string, Buffer | undefined>;

interface ToWork {
  readonly copy: WorkingCopy;
  readonly recipe: Recipe;
  /** The recipe as it was. */
  readonly files: RecipeFiles;
  /** Path -> text, as it is rewritten. */
  readonly texts: Readonly<Record<string, string>>;
  readonly hosts: Hosts;
  readonly say: (line: string) => void;
}

const LIMITS = { bytes: 2 * 1024 ** 3, idleMilliseconds: 60_000, totalMilliseconds: 15 * 60_000 };

/** Does what an update asks for besides new texts, on a copy of the recipe's directory, and tells what came of it. */
export async function workHere({ copy, recipe, files, texts, hosts, say }: ToWork): Promise<Changes> {
  const dir = await mkdtemp(join(tmpdir(), "millwright-update-"));
  try {
    const folder = dirname(recipe.path);
    const [specs, sources] = [join(dir, "SPECS"), join(dir, "SOURCES")];
    const spec = basename(recipe.path);
    const names = copy.paths
      .filter((path) => dirname(path) === folder && !path.endsWith(".spec"))
      .map((path) => basename(path))
      .filter((name) => isPlainName(name));
    await Promise.all([mkdir(specs), mkdir(sources)]);
    for (const name of names) await cp(join(copy.top, folder, name), join(sources, name));
    const before = await contentOf(sources);
    await writeFile(join(specs, spec), files.spec);
    for (const [path, text] of Object.entries(texts))
      await writeFile(join(path === recipe.path ? specs : sources, basename(path)), text);
    const place = {
      directory: folder === "." ? "" : folder,
      entries: names.map((name) => ({ name, kind: "file", oid: "" }) as const),
      spec: { name: spec, kind: "file", oid: "" } as const,
    };
    const told = careful(say, []);
    const net = { hosts, lookup: publicLookup(), pause: (ms: number) => pause(ms), limits: LIMITS };
    await runUpdate({
      place,
      table: { dir, net, shelf: openShelf(dir, [], told), say: told },
      before: files,
    });
    const after = await contentOf(sources);
    const changed = new Map([...before.keys(), ...after.keys()].map((name) => [name, after.get(name)]));
    const differs = ([name, content]: readonly [string, Buffer | undefined]): boolean =>
      !before.get(name)?.equals(content ?? Buffer.of()) || content === undefined;
    const written = await readFile(join(specs, spec));
    return new Map([
      ...(written.toString("utf8") === files.spec ? [] : [[recipe.path, written] as const]),
      ...[...changed]
        .filter(differs)
        .map(([name, content]) => [folder === "." ? name : `${folder}/${name}`, content] as const),
    ]);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function contentOf(dir: string): Promise<ReadonlyMap<string, Buffer>> {
  const names = (await readdir(dir)).toSorted();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name))] as const)),
  );
}
