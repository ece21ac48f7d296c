import { createHash, generateKeyPairSync, privateEncrypt } from "node:crypto";
import { existsSync } from "node:fs";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Manifest } from "../../src/publish/manifest.ts";
import type { Mirror } from "../../src/publish/mirror.ts";
import { openPgpKey } from "../../src/publish/openpgp.ts";
import type { OpenPgpKey } from "../../src/publish/openpgp.ts";
import { tools } from "../../src/publish/tools.ts";
import type { Tools } from "../../src/publish/tools.ts";
import type { Arch } from "../../src/pipelines/run.ts";
import type { Signer } from "../../src/ports.ts";

export const AT = "2026-03-04T05:06:07Z";
export const IDENTITY = {
  name: "Acme OS",
  email: "os@acme.invalid",
  created: new Date("2026-01-01T00:00:00Z"),
};

/** A signer whose key is made for this process and never stored. */
export function testSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const der = publicKey.export({ type: "spki", format: "der" });
  return {
    publicKey: async () => der,
    // What is signed is the digest after the name of its algorithm (PKCS#1 v1.5).
    sign: async (digest) => privateEncrypt(privateKey, Buffer.concat([SHA256, digest])),
  };
}

const SHA256 = Buffer.from("3031300d060960864801650304020105000420", "hex");

/** Nothing, or for the title of a test why it is skipped: a tool is not on this machine. */
export const lackOf = (tool: string): string => {
  const places = (process.env["PATH"] ?? "").split(delimiter);
  const found = places.some((place) => existsSync(join(place, tool)));
  return found ? "" : ` (skipped, because ${tool} is not installed)`;
};

export const testKey = (signer = testSigner()): Promise<OpenPgpKey> => openPgpKey(signer, IDENTITY);

/** A directory that goes away with its test. */
export async function scratch(): Promise<{ readonly dir: string } & AsyncDisposable> {
  const dir = await mkdtemp(join(tmpdir(), "publish-test-"));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

export async function testTools(dir: string): Promise<Tools> {
  const home = join(dir, "home");
  await mkdir(home, { recursive: true });
  return tools({ path: process.env["PATH"] ?? "", home });
}

export interface Recipe {
  readonly name: string;
  readonly version?: string;
  readonly release?: string;
  readonly epoch?: number;
  readonly arch?: Arch | "noarch";
  /** What its packagers wrote, as a spec has it. */
  readonly changelog?: string;
  /** What the one file in it says. */
  readonly text?: string;
}

export interface Built {
  readonly file: string;
  readonly source: string;
}

/** Builds a package with one text file in it, and no needs: it installs into an empty root. */
export async function buildRpm(dir: string, recipe: Recipe): Promise<Built> {
  const { name, version = "1.0", release = "1", arch = "noarch", epoch, text = "hello", changelog } = recipe;
  const top = await mkdtemp(join(dir, "rpmbuild-"));
  const spec = join(top, "it.spec");
  await writeFile(
    spec,
    `Name: ${name}
Version: ${version}
Release: ${release}
${epoch === undefined ? "" : `Epoch: ${epoch}\n`}Summary: Made for a test
License: Apache-2.0
${arch === "noarch" ? "BuildArch: noarch\n" : ""}%global __os_install_post %{nil}
%description
Made for a test.
%install
mkdir -p %{buildroot}/opt/${name}
echo '${text}' > %{buildroot}/opt/${name}/text
%files
/opt/${name}
${changelog === undefined ? "" : `%changelog\n${changelog}\n`}`,
  );
  const run = await testTools(dir);
  const target = arch === "noarch" ? [] : ["--target", arch];
  const format = "%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm";
  const define = (value: string) => ["--define", value];
  const options = [
    define(`_topdir ${top}`),
    define(`_build_name_fmt ${format}`),
    define("debug_package %{nil}"),
  ];
  await run("rpmbuild", ["-ba", "--quiet", "--nodeps", ...target, ...options.flat(), spec]);
  const nvr = `${name}-${version}-${release}`;
  return {
    file: join(top, "RPMS", `${nvr}.${arch}.rpm`),
    source: join(top, "SRPMS", `${nvr}.src.rpm`),
  };
}

/** A mirror in a directory, served as S3 serves an open bucket: a raw `+` in an address is a space. */
export async function testMirror(
  dir: string,
): Promise<{ readonly mirror: Mirror; readonly url: string } & AsyncDisposable> {
  await mkdir(dir);
  const at = (key: string): string => join(dir, key);
  const version = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");
  const read = (key: string) => readFile(at(key)).catch(() => undefined);
  const write = async (key: string, body: Parameters<Mirror["create"]>[1]): Promise<true> => {
    await mkdir(dirname(at(key)), { recursive: true });
    // As with S3, nobody sees half of an object.
    const part = `${at(key)}.part`;
    await writeFile(part, body instanceof Uint8Array ? body : await readFile(body.file));
    await rename(part, at(key));
    return true;
  };
  const mirror: Mirror = {
    async get(key) {
      const value = await read(key);
      return value && { value, version: version(value) };
    },
    create: async (key, body) => (await read(key)) === undefined && write(key, body),
    async replace(key, body, old) {
      const there = await read(key);
      return there !== undefined && version(there) === old && write(key, body);
    },
    async put(key, body) {
      await write(key, body);
    },
  };
  const served = await serve(async (path) => read(path.slice(1)));
  return { mirror, ...served };
}

/** Serves what `find` gives for a decoded path, on loopback. */
export async function serve(
  find: (path: string) => Promise<Uint8Array | undefined>,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "").replace(/\?.*/, "").replaceAll("+", " "));
    void find(path).then((bytes) => {
      response.writeHead(bytes ? 200 : 404, { "content-length": bytes?.length ?? 0 });
      response.end(request.method === "HEAD" ? undefined : bytes);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

export type Offer = Manifest["targets"][number]["packages"][number];

/** What a record says of a built file, at an address it can be read from. */
export async function offer(
  url: string,
  { file, arch, job = arch }: { readonly file: string; readonly arch: Arch; readonly job?: string },
): Promise<Offer> {
  const bytes = await readFile(file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const name = file.slice(file.lastIndexOf("/") + 1);
  return { job, arch, name, url: url + encodeURI(file).replaceAll("+", "%2B"), size: bytes.length, sha256 };
}

export function manifestOf(
  url: string,
  packages: Manifest["targets"][number]["packages"],
  changes: Partial<Manifest> = {},
): Manifest {
  return {
    v: 1,
    job: "1/push/main/abc#publish#1",
    at: AT,
    run: "1/push/main/abc",
    repo: { id: 1, owner: "acme", name: "os" },
    channel: "devel",
    mirror: { bucket: "mirror", prefix: "acme/os/devel", url },
    key: { id: "key", created: IDENTITY.created.toISOString(), name: IDENTITY.name, email: IDENTITY.email },
    targets: [{ target: "leap-15.6", packages }],
    upload: { url: `${url}/upload`, fields: {} },
    ...changes,
  };
}
