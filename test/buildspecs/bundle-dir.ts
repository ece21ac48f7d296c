import { execFileSync } from "node:child_process";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** SOURCE_DATE_EPOCH of what is built here. */
export const EPOCH = "1772452800";

/** A package without anything to compile. */
export const SMALL = (more = ""): string => `Name: small
Version: 1
Release: 1
Summary: Small
License: FSFAP
BuildArch: noarch
${more}
%description
Small
%files
`;

/** A bundle's directories, with greet's source archive among the sources. */
export async function bundleDir(
  dir: string,
  { spec, name, files = {} }: { spec: string; name: string; files?: Readonly<Record<string, string>> },
): Promise<void> {
  await mkdir(join(dir, "SPECS"), { recursive: true });
  await mkdir(join(dir, "SOURCES"));
  await writeFile(join(dir, "SPECS", name), spec);
  for (const [file, content] of Object.entries(files)) await writeFile(join(dir, "SOURCES", file), content);
  await cp(join(import.meta.dirname, "../fixtures/upstream/greet"), join(dir, "greet-1.0.0"), {
    recursive: true,
  });
  const always = `--sort=name --owner=0 --group=0 --mtime=@${EPOCH}`.split(" ");
  const archive = join(dir, "SOURCES/greet-1.0.0.tar.gz");
  execFileSync("tar", ["-C", dir, ...always, "-I", "gzip -n", "-cf", archive, "greet-1.0.0"]);
  await rm(join(dir, "greet-1.0.0"), { recursive: true });
}
