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
}

/** No network and no powers, an own view of processes, and never alive without us. */
const ALONE =
  "--unshare-all --unshare-user --uid 0 --gid 0 --disable-userns --cap-drop ALL --new-session --die-with-parent --hostname build";
const OWN_FILES =
  "--proc /proc --dev /dev --tmpfs /run --tmpfs /root --tmpfs /codebuild/state --perms 1777 --tmpfs /tmp";
const OWN_VAR_TMP = "--perms 1777 --tmpfs /var/tmp";

const words = (line: string): string[] => line.split(" ");

/** bwrap arguments for a build with its directory `dir`; not online, it has a loopback device and no more. */
export const walls = ({ root, dir, environment, online }: Walls): string[] => [
  ...words(ALONE),
  ...(online ? ["--share-net"] : []),
  ...rootMounts(root, { online }),
  ...words(OWN_FILES),
  ...(hasVarTmp(root) ? words(OWN_VAR_TMP) : []),
  "--ro-bind",
  path.join(dir, "readonly"),
  "/codebuild/readonly",
  "--bind",
  path.join(dir, "src"),
  SOURCE,
  ...words(`--remount-ro / --chdir ${SOURCE}`),
  ...setting(environment),
];

const setting = (environment: Readonly<Record<string, string>>): string[] => [
  "--clearenv",
  ...Object.entries(environment)
    .filter(([name, value]) => name !== "" && !name.includes("=") && !`${name}${value}`.includes("\0"))
    .flatMap(([name, value]) => ["--setenv", name, value]),
];

const hasVarTmp = (root: Root): boolean =>
  root.kind === "host" || existsSync(path.join(root.path, "var/tmp"));
