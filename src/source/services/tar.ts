import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Service } from "../../pipelines/service/services.ts";
import { refused } from "../failure.ts";
import { visible } from "../progress.ts";
import type { Bench } from "./bench.ts";
import { readObsinfo } from "./obsinfo.ts";
import { packTar } from "./tarball.ts";
import { unpackCpio } from "./uncpio.ts";

type Params = Service<"tar">["params"];

/** tar: a tarball of each archive that obs_scm made or that was committed, as its `.obsinfo` describes it. */
export async function runTar(params: Params, bench: Bench): Promise<void> {
  for (const info of await bench.matching(params.obsinfo ?? "*.obsinfo")) await packOne(info, params, bench);
}

async function packOne(info: string, params: Params, bench: Bench): Promise<void> {
  const { name, version, mtime } = readObsinfo(await readFile(join(bench.dir, info), "utf8"));
  const names = [version === "" ? name : `${name}-${version}`, name].map((stem) => `${stem}.obscpio`);
  const files = await bench.files();
  const archive = names.find((one) => files.includes(one));
  if (archive === undefined) throw refused(`${visible(info)} describes ${names[0]}, which is not there.`);
  const dir = await bench.room();
  const [found = "", ...others] = await unpackCpio(join(bench.dir, archive), dir);
  if (found === "" || others.length > 0) throw refused(`${archive} does not hold one directory.`);
  const top = topOf({ name, version }, params, archive.slice(0, -".obscpio".length));
  if (found !== top) await rename(join(dir, found), join(dir, top));
  const { extension = "tar" } = params;
  await bench.make(`${top}.${extension}`, (into) => packTar({ dir, top, mtime }, { into, extension }));
}

/** What the tarball and the directory in it are called. */
function topOf(info: { name: string; version: string }, params: Params, usual: string): string {
  const { filename, version, versionprefix } = params;
  if (filename === undefined && version === undefined && versionprefix === undefined) return usual;
  const own = version === undefined || version === "_auto_" ? info.version : version;
  const told = own === "_none_" ? "" : own;
  const whole = versionprefix !== undefined && told !== "" ? `${versionprefix}.${told}` : told;
  return [filename ?? info.name, whole].filter((part) => part !== "").join("-");
}
