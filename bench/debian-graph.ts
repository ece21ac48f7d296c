import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/** A source package: what it provides and what building it requires, by name, and how large its sources are in bytes. */
export interface SourcePackage {
  readonly provides: readonly string[];
  readonly requires: readonly string[];
  readonly builds: readonly string[];
  readonly bytes: number;
}

export type Distribution = Readonly<Record<string, SourcePackage>>;

const run = promisify(execFile);
const LARGE = { maxBuffer: 512 * 1024 ** 2 };

/**
 * The source packages of the Debian release that this machine has packages from: apt fetches the index from where it
 * fetches all else, into a directory of its own. Why not, where it cannot be had.
 */
export async function debianGraph(): Promise<Distribution | string> {
  const dir = await mkdtemp(path.join(tmpdir(), "bench-debian-"));
  try {
    const targets = (
      await run("apt-get", ["indextargets", "--format", "$(CREATED_BY) $(SITE) $(RELEASE) $(COMPONENT)"])
    ).stdout;
    const site = targets.split("\n").find((line) => line.startsWith("Packages ") && line.endsWith(" main"));
    if (!site) return "apt has no sources here";
    await writeFile(path.join(dir, "sources.list"), `deb-src ${site.slice("Packages ".length)}\n`);
    const lists = path.join(dir, "lists");
    await mkdir(path.join(lists, "partial"), { recursive: true });
    const own = [
      `Dir::Etc::sourcelist=${dir}/sources.list`,
      "Dir::Etc::sourceparts=-",
      `Dir::State::lists=${lists}`,
      `Dir::Cache=${dir}`,
    ];
    await run("apt-get", ["update", "--error-on=any", ...own.flatMap((one) => ["-o", one])]);
    const index = (await readdir(lists)).find((name) => name.includes("_Sources"));
    if (index === undefined) return "apt fetched no index of sources";
    const text = await run("/usr/lib/apt/apt-helper", ["cat-file", path.join(lists, index)], LARGE);
    return read(text.stdout);
  } catch (error) {
    return String(error).split("\n").slice(0, 2).join(": ");
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function read(text: string): Distribution {
  const packages = text.split("\n\n").flatMap((paragraph) => {
    const fields = fieldsOf(paragraph);
    const name = fields.get("Package");
    if (name === undefined) return [];
    const wanted = ["Build-Depends", "Build-Depends-Arch", "Build-Depends-Indep"];
    const builds = wanted.flatMap((field) => namesOf(fields.get(field) ?? ""));
    const bytes = (fields.get("Files") ?? "")
      .split("\n")
      .reduce((sum, line) => sum + Number(line.trim().split(" ")[1] ?? 0), 0);
    const provides = namesOf(fields.get("Binary") ?? "");
    return [[name, { provides, requires: [], builds: [...new Set(builds)], bytes }] as const];
  });
  return Object.fromEntries(packages);
}

function fieldsOf(paragraph: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let last = "";
  for (const line of paragraph.split("\n"))
    if (line.startsWith(" ")) fields.set(last, `${fields.get(last) ?? ""}\n${line}`);
    else {
      last = line.slice(0, line.indexOf(":"));
      fields.set(last, line.slice(last.length + 1).trim());
    }
  return fields;
}

/** Of alternatives the first; without versions, arches and profiles. */
const namesOf = (list: string): readonly string[] =>
  list
    .split(",")
    .map((one) => one.trim().split(/[\s(<[:|]/u)[0] ?? "")
    .filter((name) => name !== "");
