import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dnfInstall } from "../../src/local/clients.ts";
import type { Fault } from "../../src/local/s3/server.ts";
import type { Operation } from "../../src/local/s3/wire.ts";
import { lackOf } from "./kit.ts";
import { polling } from "./polling.ts";
import { readAsClient } from "./reader.ts";
import { world } from "./world.ts";

/** A world whose publisher is killed at its next write of this kind to the mirror after `arm(kind)`: before or after S3 has
 *  carried it out. */
async function deadlyWorld() {
  let armed: RegExp | undefined;
  let after = false;
  let kill = (): unknown => undefined;
  const faults = ({ name, key }: Operation): Fault | undefined => {
    if (name !== "PutObject" || !key.startsWith("mirror/") || !armed?.test(key)) return undefined;
    armed = undefined;
    kill();
    return { status: 500, code: "InternalError", after };
  };
  const it = await world({ faults });
  kill = it.kill;
  const arm = (kind: RegExp, when: "before" | "after"): void => {
    armed = kind;
    after = when === "after";
  };
  return Object.assign(it, { arm });
}

// A sample of the writes of a publication to a channel that is there. The last ones are those of whoever finds that pointers
// are being moved.
const DEATHS = [
  [/\.rpm$/, "after"],
  [/\/snapshot\.json$/, "before"],
  [/\/snapshot\.json$/, "after"],
  [/-filelists\.xml\.gz$/, "after"],
  [/\/repomd\.xml\.asc$/, "after"],
  [/\/moves\.json$/, "before"],
  [/\/moves\.json$/, "after"],
  [/\/mirrorlist$/, "before"],
  [/\/mirrorlist$/, "after"],
] as const;

const lack = lackOf("dnf");
test.skipIf(lack)(
  `a publisher that is killed leaves dnf and a strict client a whole snapshot, and the next one completes the work${lack}`,
  async () => {
    await using it = await deadlyWorld();
    const hello = await it.offered("hello");
    const added = await it.offered("added");
    expect(await it.stage([hello])).toMatchObject({ code: 0 });
    const target = `${it.url}/leap-15.6`;
    const get = async (path: string) => (await fetch(`${it.url}/${path}`)).text();
    const repoFile = join(it.place.dir, "os.repo");
    const keyFile = join(it.place.dir, "key.asc");
    await writeFile(repoFile, await get("os-devel-leap-15.6.repo"));
    const certificate = await get("RPM-GPG-KEY-millwright");
    await writeFile(keyFile, certificate);
    const install = (name: string) =>
      dnfInstall({ root: join(it.place.dir, name), repoFile, keyFile, packages: ["hello"] });
    const reader = polling(target, { certificate });
    for (const [n, [kind, when]] of DEATHS.entries()) {
      it.arm(kind, when);
      expect(await it.stage([added])).toMatchObject({ code: null });
      expect(await install(`root-${n}`)).toMatchObject({ code: 0 });
    }
    expect(await it.stage([added])).toMatchObject({ code: 0 });
    expect(await reader.stop()).toEqual(["hello", "added,hello"]);
    const { packages } = await readAsClient(target, { certificate });
    expect(packages.map(({ name }) => name).toSorted()).toEqual(["added", "hello"]);
  },
  300_000,
);
