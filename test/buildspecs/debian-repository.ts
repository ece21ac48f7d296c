import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { openDebianIndex } from "../../src/local/distribution/debian-index.ts";

const run = promisify(execFile);
const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

/** What debootstrap needs of Debian 12, besides what these depend on. */
const NAMES =
  "apt base-files base-passwd bash bsdutils coreutils dash debconf debianutils diffutils dpkg findutils grep gzip hostname init-system-helpers libc-bin login mawk mount ncurses-base ncurses-bin passwd perl-base sed sysvinit-utils tar tzdata usr-is-merged util-linux";

/** A key of `dir`, and what signs with it. */
export async function signingKey(dir: string) {
  const home = join(dir, "gpg");
  await mkdir(home, { recursive: true, mode: 0o700 });
  const gpg = (...args: readonly string[]) =>
    run("gpg", ["--homedir", home, "--batch", "--quiet", "--passphrase", "", ...args]);
  await gpg("--quick-gen-key", "Debian, here <debian@example.org>", "ed25519", "sign", "never");
  return {
    armour: (await gpg("--armor", "--export")).stdout,
    sign: (file: string, into: string) => gpg("--clearsign", "--output", into, file),
    close: () => run("gpgconf", ["--homedir", home, "--kill", "all"]),
  };
}

/** `release`: the file that is to be signed. */
interface Unsigned {
  readonly path: string;
  readonly release: string;
}

/** Debian's own packages as a small distribution in `dir/repository`, called `bookworm`, without its signature. */
export async function debianRepository(dir: string): Promise<Unsigned> {
  const path = join(dir, "repository");
  const [pool, dist] = [join(path, "pool"), join(path, "dists/bookworm")];
  await mkdir(pool, { recursive: true });
  await mkdir(join(dist, "main/binary-amd64"), { recursive: true });
  const index = await openDebianIndex("amd64", join(dir, "apt"));
  await index.download(await index.closure(NAMES.split(" ")), pool);
  const packages = await packagesIn(pool, "pool/");
  await writeFile(join(dist, "main/binary-amd64/Packages"), packages);
  const release = join(dist, "Release");
  const entry = `${sha256(packages)} ${Buffer.byteLength(packages)} main/binary-amd64/Packages`;
  const fields = `Codename: bookworm\nSuite: bookworm\nDate: ${new Date().toUTCString()}\n`;
  await writeFile(release, `${fields}SHA256:\n ${entry}\nArchitectures: amd64\nComponents: main\n`);
  return { path, release };
}

/** A package of our own as a flat repository in `dir/flat`. */
export async function flatRepository(dir: string): Promise<Unsigned> {
  const [path, own] = [join(dir, "flat"), join(dir, "hello")];
  await mkdir(path);
  await mkdir(join(own, "DEBIAN"), { recursive: true });
  const control =
    "Package: hello-here\nVersion: 1:2-3\nArchitecture: all\nMaintainer: Maria\nDescription: Hello\n";
  await writeFile(join(own, "DEBIAN/control"), control);
  await run("dpkg-deb", ["--build", own, join(path, "hello.deb")]);
  const packages = await packagesIn(path, "./");
  await writeFile(join(path, "Packages"), packages);
  const release = join(path, "Release");
  const entry = `${sha256(packages)} ${Buffer.byteLength(packages)} Packages`;
  await writeFile(release, `Date: ${new Date().toUTCString()}\nSHA256:\n ${entry}\nArchitectures: amd64\n`);
  return { path, release };
}

/** The index of a directory's packages. */
async function packagesIn(dir: string, below: string): Promise<string> {
  const stanzas: string[] = [];
  for (const name of (await readdir(dir)).toSorted()) {
    const { stdout: control } = await run("dpkg-deb", ["--field", join(dir, name)]);
    const content = await readFile(join(dir, name));
    const file = `Filename: ${below}${name}\nSize: ${content.length}\nSHA256: ${sha256(content)}\n`;
    stanzas.push(`${control.trimEnd()}\n${file}\n`);
  }
  return stanzas.join("");
}
