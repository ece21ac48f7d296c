import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Given = Readonly<Record<string, string | Buffer>>;
export type Attack = readonly [name: string, service: string | Buffer, because: string, given?: Given];

const one = (name: string, params: Readonly<Record<string, string>>, mode = ""): string => {
  const lines = Object.entries(params).map(([key, value]) => `<param name="${key}">${value}</param>`);
  return `<services><service name="${name}"${mode && ` mode="${mode}"`}>${lines.join("")}</service></services>`;
};
const HELLO = "https://git.example/hello.git";
const scm = (params: Readonly<Record<string, string>>): string =>
  one("obs_scm", { scm: "git", url: HELLO, version: "1", revision: "v1.0", ...params });
const from = (url: string): string => scm({ url });
const download = (url: string): string => one("download_url", { url, filename: "got" });

const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join(
  "",
);

/** What is wrong with the text itself: no service is looked at. */
const DOCUMENTS: readonly Attack[] = [
  [
    "an external entity",
    `<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><services>&x;</services>`,
    "document type",
  ],
  ["a billion laughs", `<!DOCTYPE s [<!ENTITY l0 "ha">${laughs}]><services>&l9;</services>`, "document type"],
  ["a document type in small letters", "<!doctype s><services/>", "document type"],
  [
    "an external document type",
    `<!DOCTYPE s SYSTEM "https://meta.example/x.dtd"><services/>`,
    "document type",
  ],
  ["an entity that nobody declared", "<services>&x;</services>", "undefined entity"],
  ["deep nesting", "<services>".repeat(10_000).slice(0, 60_000), "stand in one another"],
  ["a file above the cap", `<services>${" ".repeat(64 * 1024)}</services>`, "larger than 65536 bytes"],
  [
    "a flood of services",
    `<services>${'<service name="tar"/>'.repeat(101)}</services>`,
    "more than 100 services",
  ],
  ["UTF-16", Buffer.from("\ufeff<services/>", "utf16le"), "not UTF-8"],
  ["UTF-7 by declaration", '<?xml version="1.0" encoding="UTF-7"?><services/>', "Only UTF-8"],
  ["a NUL", "<services>\0</services>", "not UTF-8 text"],
  ["a name of JavaScript's", '<services><service name="__proto__"/></services>', "There is no service"],
  ["a parameter of JavaScript's", one("tar", { __proto__x: "1", constructor: "x" }), "has no parameter"],
];

/** What would become an option, a path elsewhere or another protocol. */
const PARAMETERS: readonly Attack[] = [
  ["an option as a revision", scm({ revision: "--upload-pack=touch /tmp/owned" }), "begins with a dash"],
  ["an option as an address", from("--upload-pack=touch"), "begins with a dash"],
  ["an option as a subdir", scm({ subdir: "--output=x" }), "begins with a dash"],
  ["an option as a pattern", scm({ include: "--files-from=/etc/passwd" }), "begins with a dash"],
  ["an option as a tag", scm({ "match-tag": "-x" }), "begins with a dash"],
  ["a revision that climbs", scm({ revision: "../../x" }), "no name of a branch"],
  ["a revision of the reflog", scm({ revision: "main@{1}" }), "no name of a branch"],
  ["a refspec", scm({ revision: "main:refs/heads/x" }), "no name of a branch"],
  ["two lines", scm({ revision: "a&#10;b" }), "control characters"],
  ["a text that turns around", scm({ filename: "a\u202eb" }), "control characters"],
  ["ext::", from("ext::sh -c touch% /tmp/owned"), "only https://"],
  ["ext:: behind git+", from("git+ext::sh"), "only https://"],
  ["file:", from("file:///etc"), "only https://"],
  ["a path", from("/etc"), "only https://"],
  ["ssh:", from("ssh://git@git.example/hello.git"), "only https://"],
  ["ssh in short", from("git@git.example:hello.git"), "only https://"],
  ["http:", from("http://git.example/hello.git"), "only https://"],
  ["a user in an address", from("https://user@git.example/hello.git"), "holds a user name"],
  ["a port", from("https://git.example:22/hello.git"), "names a port"],
  ["a number as a host", from("https://2130706433/hello.git"), "is not allowed here"],
  ["an address of IPv6", from("https://[::1]/hello.git"), "numeric host"],
  ["a path in an address that climbs", from("https://git.example/a/../hello.git"), "its path climbs"],
  ["a host that nobody allowed", download("https://elsewhere.example/x"), "is not allowed here"],
  ["a subdir that climbs", scm({ subdir: "../.." }), "leads out of its directory"],
  ["a subdir from the root", scm({ subdir: "/etc" }), "leads out of its directory"],
  ["a subdir behind a link", scm({ subdir: "out" }), "is no directory there"],
  ["a link that is extracted", scm({ extract: "out" }), "extract: out is no plain file"],
  ["a file behind a link that is extracted", scm({ extract: "out/passwd" }), "there is no out/passwd"],
  [
    "a file that is renamed to elsewhere",
    scm({ "extract-rename": "README.md:../x" }),
    "leads out of its directory",
  ],
  ["a filename that climbs", scm({ filename: "../../hello" }), "leads out of its directory"],
  ["a filename with a slash", scm({ filename: "a/b" }), "no plain file name"],
  ["an option behind a prefix", scm({ filename: "_service:x:--option" }), "no plain file name"],
  ["a hidden filename", one("download_url", { url: HELLO, filename: ".bashrc" }), "no plain file name"],
  ["a version that climbs", scm({ version: "../1" }), "no version"],
  ["a version that is a macro", one("set_version", { version: "%(id)" }), "no version"],
  [
    "a checksum of lines",
    one("verify_file", { file: "a", verifier: "md5", checksum: "x" }),
    "only sha256 and sha512",
  ],
  ["credentials", scm({ user: "root" }), "have no credentials"],
  ["certificates that are not looked at", scm({ sslverify: "disable" }), "certificates are always checked"],
  ["an expression for ever", scm({ version: "_auto_", "versionrewrite-pattern": "(a)\\1" }), "no expression"],
];

/** What the names of the network lead to. */
const NETWORK: readonly Attack[] = [
  ["git in a private network", from("https://inside.example/hello.git"), "10.1.2.3, which is not public"],
  ["a file in a private network", download("https://inside.example/x"), "10.1.2.3, which is not public"],
  [
    "the cloud's own address",
    download("https://meta.example/latest/meta-data"),
    "169.254.169.254, which is not public",
  ],
  ["the machine itself", download("https://loop.example/"), "127.0.0.1, which is not public"],
  ["a redirect to a private network", download("https://files.example/to-inside"), "not public"],
  ["a redirect to the cloud's own address", download("https://files.example/to-meta"), "not public"],
  ["a redirect to a number", download("https://files.example/to-number"), "only https:// is fetched"],
  ["a redirect to a file", download("https://files.example/to-file"), "only https:// is fetched"],
  ["a redirect of git", from("https://files.example/inside.git"), "not public"],
  ["a redirect of git to the machine", from("https://files.example/number.git"), "only https:// is fetched"],
  ["what is no repository", from("https://files.example/page.git"), "no repository that git can fetch"],
  [
    "a submodule of another protocol",
    scm({ url: "https://git.example/nested.git", revision: "evil" }),
    "only https:// is fetched",
  ],
  [
    "a submodule in a private network",
    scm({ url: "https://git.example/nested.git", revision: "inside" }),
    "not public",
  ],
];

const recompress = (file: string): string => one("recompress", { file, compression: "none" });
const extract = (file: string): string => one("extract_file", { archive: "*.tar*", file });

/** Archives that are not what they seem; made here, so that none lies in the repository. */
async function archives(): Promise<readonly Attack[]> {
  const dir = await mkdtemp(join(tmpdir(), "hostile-"));
  await mkdir(join(dir, "top"));
  await symlink("/etc/passwd", join(dir, "top/passwd"));
  await writeFile(join(dir, "top/zero"), Buffer.alloc(9 * 1024 ** 2));
  const tar = (...args: readonly string[]) =>
    execFileSync("tar", ["-C", dir, "-cf", "-", ...args], { maxBuffer: 2 ** 25 });
  const gzip = (input: Buffer) => execFileSync("gzip", ["-9"], { input });
  const given = {
    links: tar("top/passwd"),
    bomb: gzip(tar("top/zero")),
  };
  await rm(dir, { recursive: true });
  const cut = given.bomb.subarray(0, 500);
  return [
    ["a link in a tarball", extract("*/passwd"), "is no plain file", { "a.tar": given.links }],
    [
      "a bomb",
      recompress("a.tar.gz"),
      "Unpacked it would be larger than 8388608 bytes",
      { "a.tar.gz": given.bomb },
    ],
    [
      "a bomb in which a file is looked for",
      extract("*/zero"),
      "Unpacked it would be",
      { "a.tar.gz": given.bomb },
    ],
    ["a bomb in a bomb's coat", recompress("a.tar.xz"), "xz cannot read it", { "a.tar.xz": given.bomb }],
    ["half a file", recompress("a.tar.gz"), "gzip cannot read it", { "a.tar.gz": cut }],
    [
      "an obsinfo that climbs",
      one("tar", {}),
      "no name of an archive",
      { "a.obsinfo": "name: ../x\nversion: 1\nmtime: 0\n" },
    ],
    [
      "an obsinfo of tomorrow's",
      one("tar", {}),
      "no time",
      { "a.obsinfo": "name: x\nversion: 1\nmtime: soon\n" },
    ],
    [
      "an archive that is none",
      one("tar", {}),
      "no cpio archive",
      { "a.obsinfo": "name: a\nversion: 1\nmtime: 0\n", "a-1.obscpio": "x".repeat(500) },
    ],
  ];
}

export const attacks = async (): Promise<readonly Attack[]> => [
  ...DOCUMENTS,
  ...PARAMETERS,
  ...NETWORK,
  ...(await archives()),
];
