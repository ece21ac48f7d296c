import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AttestationKey } from "../../src/publish/dsse.ts";
import type { Manifest } from "../../src/publish/manifest.ts";
import type { Mirror } from "../../src/publish/mirror.ts";
import type { OpenPgpKey } from "../../src/publish/openpgp.ts";
import type { Tools } from "../../src/publish/tools.ts";
import { publish } from "../../src/publish/publish.ts";
import type { Outcome } from "../../src/publish/publish.ts";
import type { Signer } from "../../src/ports.ts";
import {
  buildRpm,
  manifestOf,
  offer,
  scratch,
  serve,
  testKey,
  testMirror,
  testSigner,
  testTools,
} from "./kit.ts";
import type { Offer } from "./kit.ts";
import { readAsClient } from "./reader.ts";

/** Builds the packages that the stories of a file share. */
export async function stockedShelf() {
  const place = await scratch();
  const server = await serve((path) => readFile(path).catch(() => undefined));
  const [hello, world, plus, rebuilt] = await Promise.all([
    buildRpm(place.dir, { name: "hello", arch: "x86_64" }),
    buildRpm(place.dir, { name: "world" }),
    buildRpm(place.dir, { name: "c++lib", version: "1.0+git~rc1", epoch: 2 }),
    buildRpm(place.dir, { name: "hello", arch: "x86_64", text: "other" }),
  ]);
  const built = { hello, world, plus, rebuilt } as const;
  const offered = async (name: Name, changes: Partial<Offer> = {}): Promise<Offer> => {
    const it = await offer(server.url, { file: built[name].file, arch: "x86_64" });
    return { ...it, ...changes };
  };
  return {
    url: server.url,
    built,
    offered,
    signer: testSigner(),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

export type Shelf = Awaited<ReturnType<typeof stockedShelf>>;
export type Name = "hello" | "world" | "plus" | "rebuilt";

export interface Changes {
  readonly manifest?: Partial<Manifest>;
  readonly offers?: readonly Offer[];
  /** What stands between the stage and its mirror. */
  readonly through?: (mirror: Mirror) => Mirror;
  /** What stands between the stage and its key. */
  readonly signing?: (signer: Signer) => Signer;
  readonly attestationKey?: AttestationKey;
  readonly key?: OpenPgpKey;
  /** Takes rpm's signing and checking for done, which take most of the time, where they are not what is asked. */
  readonly unsigned?: boolean;
}

/** A mirror of its own, and `run` to publish to it as a stage of its own would. */
export async function channel(shelf: Shelf) {
  const place = await scratch();
  const root = join(place.dir, "mirror");
  const served = await testMirror(root);
  const key = await testKey(shelf.signer);
  let works = 0;
  const run = async (names: readonly Name[], changes: Changes = {}): Promise<Outcome> => {
    const { through = (mirror: Mirror) => mirror, signing, attestationKey, offers, manifest } = changes;
    const packages = offers ?? (await Promise.all(names.map((name) => shelf.offered(name))));
    works += 1;
    const dir = join(place.dir, `w${works}`);
    const real = await testTools(dir);
    const quick: Tools = async (tool, args) => (/^rpm./.test(tool) ? "" : real(tool, args));
    return publish({
      manifest: manifestOf(served.url, [...packages], manifest),
      mirror: through(served.mirror),
      key: changes.key ?? (signing ? await testKey(signing(shelf.signer)) : key),
      attestationKey,
      tools: changes.unsigned ? quick : real,
      dir,
    });
  };
  return {
    ...served,
    key,
    run,
    root,
    text: (path: string) => readFile(join(root, path), "utf8"),
    /** Every file and what it says. */
    async files(): Promise<Readonly<Record<string, string>>> {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      const paths = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      const read = paths.toSorted().map(async (path) => {
        return [path.slice(root.length + 1), await readFile(path, "latin1")] as const;
      });
      return Object.fromEntries(await Promise.all(read));
    },
    /** Puts every file back to how it was. */
    async restore(files: Readonly<Record<string, string>>): Promise<void> {
      await rm(root, { recursive: true });
      for (const [path, bytes] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), bytes, "latin1");
      }
    },
    /** The names of the packages that clients find now, at a target or at a release of it. All of it must be there, whole
     *  and signed. */
    async listed(home = "leap-15.6"): Promise<readonly string[]> {
      const { certificate } = key;
      const { packages } = await readAsClient(`${served.url}/${home}`, { certificate });
      return packages.map(({ name }) => name).toSorted();
    },
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

export const POINTER = "leap-15.6/mirrorlist";
