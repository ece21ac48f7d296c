import { existsSync } from "node:fs";
import path from "node:path";
import { type Root, rootMounts } from "./root.ts";

/** Where a build finds itself. */
export const SOURCE = "/codebuild/output/src";

interface Walls {
  readonly root: Root;
  readonly dir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly online: boolean;
  /** It may mount and change owners, in a user namespace of its own that it is opened in. */
  readonly privileged: boolean;
}

/** Does a build have the host's devices, as its root? */
export const hasDevices = ({ root, privileged }: Pick<Walls, "root" | "privileged">): boolean =>
  privileged && root.kind === "host" && root.devices === true;

/** No network and no powers, an own view of processes, and never alive without us. */
const ALONE =
  "--unshare-all --unshare-user --uid 0 --gid 0 --disable-userns --cap-drop ALL --new-session --die-with-parent --hostname build";
/** All powers, over nothing but its own: no network, an own view of processes, and never alive without us. */
const POWERFUL =
  "--unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup-try --cap-add ALL --new-session --die-with-parent --hostname build";
/** What would outlive the build. */
const BOUND = "--cap-drop CAP_SYS_MODULE --cap-drop CAP_SYS_BOOT --cap-drop CAP_SYS_TIME";
const OWN_DEVICES = "--dev /dev";
const HOST_DEVICES = "--dev-bind /dev /dev --ro-bind /sys /sys";
const OWN_FILES =
  "--proc /proc --tmpfs /run --tmpfs /root --tmpfs /codebuild/state --perms 1777 --tmpfs /tmp";
const OWN_VAR_TMP = "--perms 1777 --tmpfs /var/tmp";

const words = (line: string): string[] => line.split(" ");

/** bwrap arguments for a build with its directory `dir`; not online, it has a loopback device and no more. */
export const walls = ({ environment, ...rest }: Walls): string[] => [
  ...(rest.privileged && !hasDevices(rest) ? placed(around(rest)) : around(rest)),
  ...setting(environment),
];

/** The host's files that a build without the host's owner would not reach are shown to it at these places. */
const placed = (args: readonly string[]): string[] => {
  const sources = sourcesIn(args);
  return args.map((arg, i) => (isBind(args[i - 1]) ? placeOf(sources.indexOf(arg)) : arg));
};

const isBind = (arg: string | undefined): boolean => arg === "--ro-bind" || arg === "--bind";
const sourcesIn = (args: readonly string[]): readonly string[] => [
  ...new Set(args.filter((_, i) => isBind(args[i - 1]))),
];

/** What of the host a privileged build sees, each at its `placeOf`. */
export const placesOf = (rest: Omit<Walls, "environment">): readonly string[] => sourcesIn(around(rest));
const placeOf = (number: number): string => `/mnt/${number}`;

function powers(rest: Omit<Walls, "environment">): string[] {
  const { privileged, online } = rest;
  if (!privileged) return [...words(ALONE), ...(online ? ["--share-net"] : [])];
  return [
    ...words(POWERFUL),
    ...(hasDevices(rest) ? words(BOUND) : []),
    ...(online ? [] : ["--unshare-net"]),
  ];
}

const around = ({ root, dir, online, privileged }: Omit<Walls, "environment">): string[] => [
  ...powers({ root, dir, online, privileged }),
  ...rootMounts(root, { online }),
  ...words(hasDevices({ root, privileged }) ? HOST_DEVICES : OWN_DEVICES),
  ...words(OWN_FILES),
  ...(hasVarTmp(root) ? words(OWN_VAR_TMP) : []),
  "--ro-bind",
  path.join(dir, "readonly"),
  "/codebuild/readonly",
  "--bind",
  path.join(dir, "src"),
  SOURCE,
  ...(privileged ? [] : words("--remount-ro /")),
  ...words(`--chdir ${SOURCE}`),
];

const setting = (environment: Readonly<Record<string, string>>): string[] => [
  "--clearenv",
  ...Object.entries(environment)
    .filter(([name, value]) => name !== "" && !name.includes("=") && !`${name}${value}`.includes("\0"))
    .flatMap(([name, value]) => ["--setenv", name, value]),
];

const hasVarTmp = (root: Root): boolean =>
  root.kind === "host" || existsSync(path.join(root.path, "var/tmp"));
