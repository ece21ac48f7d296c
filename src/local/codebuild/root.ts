import { existsSync, readdirSync, readlinkSync, realpathSync } from "node:fs";
import path from "node:path";
import type { Binfmt } from "./user-namespace.ts";

/** What an image name stands for on one machine: the tools of the host, or a directory with a root of its own. */
export type Root =
  | {
      readonly kind: "host";
      /** What it has besides, read-only: path there -> path on the host. */
      readonly mounts?: Readonly<Record<string, string>>;
      /** A privileged build has the host's devices and is its root: loop devices know no namespaces. */
      readonly devices?: boolean;
    }
  | {
      readonly kind: "directory";
      readonly path: string;
      /** Where a build finds it as its own, which it may change. */
      readonly own?: string;
      /** How the kernel runs the root's programs if they are of another architecture. */
      readonly binfmt?: Binfmt | undefined;
    };

/** What a build sees of the host's /etc: what programs need to find libraries, names and certificates. */
const HOST_ETC = [
  "alternatives",
  "ca-certificates",
  "ca-certificates.conf",
  "crypto-policies",
  "debian_version",
  "group",
  "host.conf",
  "hosts",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "mime.types",
  "nsswitch.conf",
  "os-release",
  "passwd",
  "pki",
  "protocols",
  "resolv.conf",
  "rpm",
  "services",
  "ssl",
];

/** Made anew for every build, whatever the root has there. */
const OWN = new Set(["codebuild", "dev", "proc", "root", "run", "sys", "tmp"]);

const NODE = "/codebuild/node";
const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** PATH in a build on this root. */
export const searchPath = (root: Root): string =>
  root.kind === "host" ? `${NODE}:${SYSTEM_PATH}` : SYSTEM_PATH;

/** bwrap arguments that show the root, read-only unless it is its own, to a sandbox that starts from an empty file system. */
export function rootMounts(root: Root, { online }: { readonly online: boolean }): string[] {
  return root.kind === "host"
    ? [...hostMounts(), ...Object.entries(root.mounts ?? {}).flatMap(([to, from]) => ["--ro-bind", from, to])]
    : [...directoryMounts(root), ...(online ? names(root.path) : [])];
}

function hostMounts(): string[] {
  const top = ["bin", "lib", "lib32", "lib64", "libx32", "sbin", "usr"].flatMap((name) => entry("/", name));
  const etc = HOST_ETC.map((name) => `/etc/${name}`).flatMap((file) =>
    existsSync(file) ? ["--ro-bind", realpathSync(file), file] : [],
  );
  return [...top, ...etc, "--dir", "/var/tmp", "--ro-bind", path.dirname(process.execPath), NODE];
}

function directoryMounts({ path: root, own }: Extract<Root, { kind: "directory" }>): string[] {
  return readdirSync(root).flatMap((name) => {
    if (OWN.has(name)) return [];
    const shown = entry(root, name);
    const isLink = shown[0] === "--symlink";
    return own === undefined || isLink || shown.length === 0
      ? shown
      : ["--bind", path.join(own, name), `/${name}`];
  });
}

/** A root without its own idea of name servers gets the host's. */
const names = (root: string): string[] =>
  existsSync(path.join(root, "etc/resolv.conf"))
    ? ["--ro-bind", realpathSync("/etc/resolv.conf"), "/etc/resolv.conf"]
    : [];

function entry(root: string, name: string): string[] {
  const from = path.join(root, name);
  if (!existsSync(from) && linkOf(from) === undefined) return [];
  const link = linkOf(from);
  return link === undefined ? ["--ro-bind", from, `/${name}`] : ["--symlink", link, `/${name}`];
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
