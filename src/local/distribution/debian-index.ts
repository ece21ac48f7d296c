import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "./run-tool.ts";

/** A Debian package as the archive's index tells of it; dependency fields in Debian's own notation. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** Debian's word: `amd64`, `arm64` or `all`. */
  readonly arch: string;
  readonly sha256: string;
  readonly summary: string;
  readonly depends: string;
  readonly provides: string;
}

/** Debian's archive as one architecture sees it, apart from what is installed on this machine. */
export interface DebianIndex {
  /** The packages and all they depend on, by name; throws with apt's words for a name it does not know. */
  closure(names: readonly string[]): Promise<readonly DebianPackage[]>;
  /** Fetches the packages' files into `dir`, checked by apt against the archive's signatures. */
  download(packages: readonly DebianPackage[], dir: string): Promise<void>;
}

const SOURCES = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"];

/** Opens the archive of this machine's own apt sources for `arch` (Debian's word), with its state in `dir`. */
export async function openDebianIndex(arch: string, dir: string): Promise<DebianIndex> {
  const config = join(dir, "apt.conf");
  const env = { APT_CONFIG: config };
  await mkdir(join(dir, "lists/partial"), { recursive: true });
  await mkdir(join(dir, "cache/archives/partial"), { recursive: true });
  await writeFile(join(dir, "status"), "");
  await writeFile(config, aptConfig(arch, dir, await firstPresent(SOURCES)));
  await runTool(["apt-get", "update", "-qq", "-o", "Acquire::Retries=3"], { env });
  return {
    async closure(names) {
      const plan = await runTool(["apt-get", "install", "-s", "-q", "--", ...names], { env });
      const chosen = [...plan.matchAll(/^Inst (\S+) \((\S+) /gm)].map(
        ([, name, version]) => `${name}=${version}`,
      );
      const shown = await runTool(["apt-cache", "show", "--no-all-versions", "--", ...chosen], { env });
      return packagesOf(shown).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    async download(packages, into) {
      const wanted = packages.map(({ name, version }) => `${name}=${version}`);
      await runTool(["apt-get", "download", "-qq", "-o", "Acquire::Retries=3", "--", ...wanted], {
        env,
        cwd: into,
      });
    },
  };
}

/** Reads the stanzas that `apt-cache show` prints. */
export function packagesOf(stanzas: string): readonly DebianPackage[] {
  return stanzas
    .split(/\n\n+/)
    .filter(Boolean)
    .map((stanza) => {
      const fields = new Map(
        [...stanza.matchAll(/^([\w-]+): *(.*)$/gm)].map(([, key = "", value = ""]) => [key, value]),
      );
      const field = (key: string): string => fields.get(key) ?? "";
      return {
        name: field("Package"),
        version: field("Version"),
        arch: field("Architecture"),
        sha256: field("SHA256"),
        summary: field("Description") || field("Description-en"),
        depends: [field("Pre-Depends"), field("Depends")].filter(Boolean).join(", "),
        provides: field("Provides"),
      };
    });
}

const aptConfig = (arch: string, dir: string, sources: string): string => `
APT::Architecture "${arch}";
APT::Architectures { "${arch}"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::State::lists "${dir}/lists";
Dir::State::status "${dir}/status";
Dir::Cache "${dir}/cache";
Dir::Etc::sourcelist "${sources}";
Dir::Etc::sourceparts "-";
`;

async function firstPresent(paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const present = await access(path).then(
      () => true,
      () => false,
    );
    if (present) return path;
  }
  throw new Error(`no Debian package sources: neither of ${paths.join(", ")} is there`);
}
