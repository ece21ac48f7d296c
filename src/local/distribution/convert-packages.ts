import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BaseSpec } from "./base-specs.ts";
import { MACROS } from "./convert-macros.ts";
import { convertSpec } from "./convert-spec.ts";
import type { DebianIndex, DebianPackage } from "./debian-index.ts";
import { runTool } from "./run-tool.ts";
import type { SigningKey } from "./signing-key.ts";

/** One rpm to be made: its spec, and for a converted package where it comes from. */
export interface Wrapping {
  readonly name: string;
  readonly spec: string;
  readonly debian?: DebianPackage;
  /** What else its spec unpacks. */
  readonly others?: readonly DebianPackage[];
}

/** Where rpms are made and kept: `dir` is shared by all roots, a file in it is named by its spec's digest. */
export interface Workshop {
  readonly dir: string;
  /** RPM's name of the architecture. */
  readonly arch: string;
  readonly index: DebianIndex;
  readonly key: SigningKey;
}

export const wrappingsOf = (
  debian: readonly DebianPackage[],
  base: readonly BaseSpec[],
): readonly Wrapping[] => [
  ...debian.map((debian) => ({ name: debian.name, spec: MACROS + convertSpec(debian), debian })),
  ...base.map(({ name, text }) => ({ name, spec: MACROS + text })),
];

/** All of Debian's packages that go into one: `%{deb}`, `%{deb1}` … in its spec. */
const debsOf = ({ debian, others = [] }: Wrapping): readonly DebianPackage[] =>
  debian ? [debian, ...others] : others;

/** The rpm of a wrapping: what is asked for decides the name, so nothing is converted twice. */
export function rpmFile({ dir, arch }: Pick<Workshop, "dir" | "arch">, { debian, spec }: Wrapping): string {
  const made = `${debian?.arch === "all" ? "noarch" : arch}\n${spec}`;
  return join(dir, `${createHash("sha256").update(made).digest("hex")}.rpm`);
}

/** Makes and signs the rpms that are not there yet; gives their number. */
export async function convertPackages(wrappings: readonly Wrapping[], workshop: Workshop): Promise<number> {
  await mkdir(workshop.dir, { recursive: true });
  const present = new Set((await readdir(workshop.dir)).map((file) => join(workshop.dir, file)));
  const missing = wrappings.filter((wrapping) => !present.has(rpmFile(workshop, wrapping)));
  if (missing.length === 0) return 0;
  const bench = await mkdtemp(join(workshop.dir, "bench-"));
  try {
    await Promise.all([mkdir(join(bench, "attrs")), mkdir(join(bench, "debs"))]);
    await Promise.all(ATTRIBUTES.map((name) => writeFile(join(bench, "attrs", `${name}.attr`), "")));
    const debian = new Set(missing.flatMap(debsOf));
    if (debian.size > 0) await workshop.index.download([...debian], join(bench, "debs"));
    const made = await inParallel(missing, (wrapping) => build(wrapping, bench, workshop.arch));
    await workshop.key.signPackages(made);
    for (const [at, wrapping] of missing.entries()) await rename(made[at] ?? "", rpmFile(workshop, wrapping));
  } finally {
    await rm(bench, { recursive: true });
  }
  return missing.length;
}

/** Only libraries and pkg-config modules are looked into; Debian's own dependencies say the rest. */
const ATTRIBUTES = ["elf", "pcfile"];

/** Builds one wrapping and gives the path of its rpm. */
async function build(wrapping: Wrapping, bench: string, arch: string): Promise<string> {
  const { name, spec } = wrapping;
  const top = join(bench, "tops", name);
  await mkdir(top, { recursive: true });
  await writeFile(join(top, "package.spec"), spec);
  const defines = [`_topdir ${top}`, `_rpmdir ${top}`, `_dbpath ${top}/db`, `_fileattrsdir ${bench}/attrs`];
  for (const [at, debian] of debsOf(wrapping).entries())
    defines.push(`deb${at || ""} ${join(bench, "debs", debFile(debian))}`);
  await runTool(
    [
      "rpmbuild",
      "-bb",
      "--quiet",
      "--nodeps",
      "--clean",
      "--target",
      `${arch}-debian-linux`,
      ...defines.flatMap((define) => ["--define", define]),
      join(top, "package.spec"),
    ],
    { env: { SOURCE_DATE_EPOCH: "0", HOME: top } },
  );
  const file = join(top, "out.rpm");
  await access(file);
  return file;
}

/** The name that `apt-get download` gives a file. */
const debFile = ({ name, version, arch }: DebianPackage): string =>
  `${name}_${version.replaceAll(":", "%3a")}_${arch}.deb`;

/** Two at a time: the machine has other work to do. */
async function inParallel<In, Out>(
  items: readonly In[],
  work: (item: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const results: Out[] = [];
  const entries = items.entries();
  const hand = async (): Promise<void> => {
    for (const [at, item] of entries) results[at] = await work(item);
  };
  // A failure is told when both hands rest: nothing writes any more.
  const ends = await Promise.allSettled([hand(), hand()]);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results;
}
