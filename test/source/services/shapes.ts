import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SPEC } from "./village.ts";

/** What comes of a `_service` file: the files that are there then and were not committed, and the spec's version. */
export interface Made {
  readonly made: readonly string[];
  readonly version?: string;
}
type Given = Readonly<Record<string, string | Buffer>>;
export type Shape = readonly [name: string, expected: Made | string, given?: Given];

/** A tarball of upstream's, and the same as it is compressed by others. */
export async function tarball(): Promise<Buffer> {
  const dir = await mkdtemp(join(tmpdir(), "tarball-"));
  await mkdir(join(dir, "hello-1.0/dist"), { recursive: true });
  await writeFile(join(dir, "hello-1.0/README.md"), "hello\n");
  await writeFile(join(dir, "hello-1.0/dist/hello.conf"), "greeting = hello\n");
  const args = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "-cf", "-", "hello-1.0"];
  const tar = execFileSync("tar", args, { cwd: dir });
  await rm(dir, { recursive: true });
  return execFileSync("gzip", ["-n"], { input: tar });
}

const url = (value: string) => SPEC.replace("%{name}-%{version}.tar.xz", value);
const scm = (version: string): Made => ({ made: [`hello-${version}.tar.xz`, "hello.obsinfo"], version });
const FILES = "https://files.example/hello-1.0.tar.gz";
const OWN = "hello.obsinfo";
const OLD = { "hello.obsinfo": "name: hello\nversion: 1.2.3\nmtime: 1700000000\ncommit: abc\n" };

/** Files of shapes that are found in the field, and what becomes of each. */
export const shapesOf = (tgz: Buffer, cpio: Buffer): readonly Shape[] => [
  ["obs-scm-release", scm("1.2.3")],
  ["obs-scm-all-at-build-time", scm("1.0")],
  ["obs-scm-snapshot", scm("1.2.3+git20231114.9dbf6e1")],
  ["obs-scm-default-branch", scm("1.2.3+git1")],
  ["obs-scm-parent-tag-revision", scm("1.2.3")],
  ["obs-scm-match-tag", scm("1.0")],
  ["obs-scm-parent-tag", scm("1700000000.2")],
  ["obs-scm-time-version", scm("1700000000.b5d601d")],
  ["obs-scm-prefix", scm("0.9.20231114")],
  ["obs-scm-no-version", { made: [OWN, "hello.tar.gz"] }],
  ["obs-scm-without-version", { made: [OWN, "hello.tar.xz"], version: "1.0" }],
  ["obs-scm-subdir", scm("1.0")],
  [
    "obs-scm-extract",
    { made: ["guide.md", "hello-1.0.tar.xz", "hello.conf", OWN, "notes.md"], version: "1.0" },
  ],
  ["obs-scm-commit", scm("1.3")],
  ["obs-scm-short-commit", scm("1.3")],
  ["obs-scm-submodules", scm("1")],
  ["obs-scm-no-submodules", scm("1")],
  ["obs-scm-stays-cpio", { made: ["hello-1.0.obscpio", OWN] }],
  ["obs-scm-redirected", scm("1.0")],
  ["tar-scm-server", { made: ["hello-1.2.3.tar.xz"], version: "1.2.3" }],
  ["tar-scm-rewrite", { made: ["hello-1.2p3~0.tar", "hello-1.2p3~0.tar.zst"] }],
  ["tar-scm-include-exclude", { made: ["hello-1.0.tar"] }],
  ["tar-scm-extension", { made: ["hello-1.0.tar.bz2"] }],
  ["manual-everything", { made: ["hello-1.2.3.tar.zst"] }, { ...OLD, "hello-1.2.3.obscpio": cpio }],
  ["disabled-download", { made: [] }],
  ["localonly-formatter", { made: ["hello-1.0.tar.gz"] }],
  ["download-url", { made: ["hello-1.0.tar.gz"] }],
  ["download-url-renamed", { made: ["hello-1.0.tar.gz"] }],
  ["download-files", { made: ["hello-1.0.tar.gz"] }, { "hello.spec": url(FILES) }],
  ["download-files-enforced", { made: [] }, { "hello.spec": url(FILES), "hello-1.0.tar.gz": tgz }],
  [
    "download-files-enforced",
    "hello/_service:2: download_files: hello-1.0.tar.gz is not what is at",
    { "hello.spec": url(FILES), "hello-1.0.tar.gz": "another" },
  ],
  ["verify-file", { made: [] }, { "hello.key": "key\n" }],
  [
    "verify-file",
    "hello/_service:2: verify_file: hello.key is another file: sha512 expected",
    { "hello.key": "" },
  ],
  ["extract-file", { made: ["hello.conf"] }, { "hello-1.0.tar.gz": tgz }],
  ["extract-file-renamed", { made: ["UPSTREAM-README"] }, { "hello-1.0.tar.gz": tgz }],
  ["set-version-explicit", { made: [], version: "4.5" }],
  ["set-version-from-name", { made: [], version: "2.1" }, { "hello-v2.1.tar.xz": "" }],
  ["set-version-from-file", { made: [], version: "7.8" }, { VERSION: "name=hello\nrelease=7.8\n" }],
  ["go-modules-committed", { made: [] }, { "vendor.tar.gz": tgz }],
  ["cargo-vendor-committed", { made: [] }, { "vendor.tar.zst": "" }],
  ["node-modules-committed", { made: [] }, { "node_modules.obscpio": cpio }],
  ["recompress-to-plain", { made: ["hello.tar"] }, { "hello.tar.gz": tgz }],
  ["empty", { made: [] }],
  ["cdata-and-entities", { made: [], version: "4.5" }],
  ["refused-svn", 'hello/_service:3: tar_scm: the parameter scm is "svn": only git is fetched.'],
  ["refused-http", "hello/_service:4: obs_scm: the parameter url is"],
  ["refused-git-protocol", "only https:// addresses are fetched."],
  ["refused-lfs", "hello/_service:5: obs_scm: the parameter lfs is"],
  ["refused-md5", "hello/_service:4: verify_file: the parameter verifier is"],
  [
    "refused-unknown-service",
    'hello/_service:2: There is no service "obs_smc" (obs_scm is probably meant) here.',
  ],
  [
    "refused-unknown-parameter",
    'hello/_service:5: obs_scm has no parameter "revison" (revision is probably meant).',
  ],
  ["refused-unknown-mode", 'hello/_service:2: There is no mode "buildtme" (buildtime is probably meant).'],
  [
    "refused-go-modules",
    "hello/_service:2: go_modules: it would fetch dependencies, which is not done here: make vendor.tar.gz",
  ],
  ["refused-download-at-build-time", "hello/_service:2: download_files: it cannot run at build time"],
  ["refused-no-tag", "hello/_service:2: obs_scm: No tag like release-* leads to this commit."],
  ["refused-no-revision", "has no branch, tag or commit devell. devel is probably meant."],
  ["refused-version", "hello/_service:2: obs_scm: A b5d601d is no version for a package"],
  ["refused-placeholder", "versionformat: %( stands for nothing"],
  ["refused-host", "the host elsewhere.example is not allowed here."],
];

export const digest = (algorithm: string, data: string | Buffer): string =>
  createHash(algorithm).update(data).digest("hex");
