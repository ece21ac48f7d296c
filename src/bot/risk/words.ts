import { BODIES, LISTINGS } from "../../pipelines/spec/words.ts";

/** The words by which risks in specs are known. */

const TEXTS = new Set(["description", "changelog"]);
const BUILDS = new Set(["prep", "conf", "generate_buildrequires", "build", "install", "check", "clean"]);

/** Sections whose text rpm runs as root where the package is installed. */
export const SCRIPTLETS: ReadonlySet<string> = new Set(
  [...BODIES].filter((word) => !TEXTS.has(word) && !BUILDS.has(word) && word !== "files"),
);

export type Section = "preamble" | "scriptlet" | "build" | "files" | "text" | "list";

/** What kind of section a word begins, if it begins one. */
export function sectionOf(word: string): Section | undefined {
  if (word === "package") return "preamble";
  if (word === "files") return "files";
  if (TEXTS.has(word)) return "text";
  if (BUILDS.has(word)) return "build";
  if (LISTINGS.has(word)) return "list";
  return SCRIPTLETS.has(word) ? "scriptlet" : undefined;
}

/** Macros that run programs, read files or make other macros while rpm reads the spec. */
export const MACROS: ReadonlyMap<string, "lua" | "include" | "expansion"> = new Map([
  ["lua", "lua"],
  ["include", "include"],
  ["load", "include"],
  ["expand", "expansion"],
  ["expr", "expansion"],
]);

/** Parts of paths by which a package gets rights or runs without being called. */
export const PRIVILEGED: readonly string[] = [
  "sudoers",
  "crontab",
  "/cron.",
  "/cron/",
  "pam.d",
  "polkit",
  "ld.so.preload",
  "ld.so.conf",
  "system-preset",
  "_presetdir",
  "system-generators",
  "_systemdgeneratordir",
  "profile.d",
  "rules.d",
  "_udevrulesdir",
  "sysusers",
  "tmpfiles",
  "sysctl",
  "modules-load",
  "dbus-1/system",
  "authorized_keys",
  "/etc/ssh",
  "_sysconfdir}/ssh",
  "/etc/shadow",
  "/etc/passwd",
];

/** Programs that are there to reach the network. */
export const NETWORK: ReadonlySet<string> = new Set(
  "curl wget wget2 aria2 rsync ssh scp sftp nc ncat socat telnet ftp lftp openssh openssh-clients".split(" "),
);

/** Programs that reach the network when this word follows. */
export const FETCHERS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    git: ["clone", "fetch", "pull", "submodule", "ls-remote"],
    svn: ["checkout", "co", "export"],
    hg: ["clone", "pull"],
    pip: ["install", "download"],
    pip3: ["install", "download"],
    npm: ["install", "ci", "i"],
    yarn: ["install", "add"],
    gem: ["install", "fetch"],
    go: ["get", "install", "mod"],
    cargo: ["fetch", "install", "vendor"],
  }).map(([program, words]) => [program, new Set(words)]),
);
