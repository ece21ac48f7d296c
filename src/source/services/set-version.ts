import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { isVersion } from "../../pipelines/service/values.ts";
import type { Service } from "../../pipelines/service/services.ts";
import { withVersion } from "../../pipelines/spec/version.ts";
import { refused } from "../failure.ts";
import { visible } from "../progress.ts";
import type { Bench } from "./bench.ts";
import { compressionOf } from "./compress.ts";
import { readObsinfo } from "./obsinfo.ts";
import { expression } from "./pattern.ts";

type Params = Service<"set_version">["params"];

/** set_version: the spec's Version is that of what was fetched, or the one that is told. */
export async function runSetVersion(params: Params, bench: Bench): Promise<void> {
  const spec = basename(bench.spec);
  const isOther = params.file.length > 0 && !params.file.includes(spec);
  if (isOther) return bench.say(`note: set_version is for ${params.file.map(visible).join(", ")} alone.`);
  const version = params.version ?? (await detected(params, bench));
  if (version === undefined)
    throw refused("No file says a version: an .obsinfo, or an archive called <name>-<version>.tar.*");
  if (!isVersion(version)) throw refused(`${visible(version)} is no version for a package.`);
  const changed = withVersion(await readFile(bench.spec, "utf8"), version);
  if ("sentence" in changed) throw refused(`${spec}:${changed.line}: ${changed.sentence}`);
  await writeFile(bench.spec, changed.text);
  bench.say(`set_version: ${spec} has version ${version}`);
}

async function detected(params: Params, bench: Bench): Promise<string | undefined> {
  // What services made is newer than what is committed.
  const made = bench.outputs().map(({ file }) => file);
  const all = [...new Set([...made, ...(await bench.files())])];
  const files = all.filter((file) => file.startsWith(params.basename ?? ""));
  const info = files.find((file) => file.endsWith(".obsinfo"));
  if (info !== undefined) return readObsinfo(await readSmall(info, bench)).version;
  const text = params.fromfile === undefined ? "" : await readSmall(params.fromfile, bench);
  const line = params.regex ?? "^[Vv]ersion:\\s+(\\d\\S*)";
  const told = text.split("\n").map((one) => group(line, one));
  const named = files.map((file) =>
    params.regex === undefined ? versionIn(file) : group(params.regex, file),
  );
  return [...told, ...named].find((found) => found !== undefined);
}

/** What the first group of an expression catches at the beginning of a text. */
function group(pattern: string, text: string): string | undefined {
  const matcher = expression(pattern).matcher(text);
  if (!matcher.lookingAt()) return undefined;
  if (matcher.groupCount() < 1) throw refused(`${visible(pattern)} has no group that could be the version.`);
  return matcher.group(1) ?? undefined;
}

/** `1.0` of `hello-1.0.tar.gz`. */
function versionIn(file: string): string | undefined {
  const { plain } = compressionOf(file);
  const stem = [".tar", ".obscpio", ".zip"].find((end) => plain.endsWith(end));
  if (stem === undefined) return undefined;
  return /[-_](\d[^/]*)$/.exec(plain.slice(0, -stem.length))?.[1];
}

async function readSmall(file: string, { dir }: Bench): Promise<string> {
  const bytes = await readFile(join(dir, file)).catch((error: unknown) => {
    throw refused(`There is no file ${visible(file)}.`, error);
  });
  if (bytes.length > 1024 * 1024) throw refused(`${visible(file)} is too large to be read for a version.`);
  return bytes.toString("utf8");
}
