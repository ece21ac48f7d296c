import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Root } from "./root.ts";
import { isRoot } from "./user-namespace.ts";

/** What is laid over a root, or the root itself, unchangeable, where the kernel lays nothing over it. */
const LAY = `
lower=$1; dir=$2; shift 2
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$dir/upper,workdir=$dir/work" "$dir/root" 2> /dev/null \\
  || { mount --bind "$lower" "$dir/root" && mount -o remount,bind,ro "$dir/root"; } || exit 125
exec "$@"
`;

/**
 * A root that a build may change, as it may change a container: what it changes lies in its own directory and goes with
 * it. `enter` is the prefix of a command that shall find it so. Who is not root gets the root as it is.
 */
export function ownRoot(root: Root, dir: string): { readonly root: Root; readonly enter: readonly string[] } {
  // Neither a colon nor a comma can be told to the kernel as part of a path.
  if (root.kind === "host" || !isRoot() || `${root.path}${dir}`.match(/[:,\\]/)) return { root, enter: [] };
  const over = path.join(dir, "over");
  for (const name of ["upper", "work", "root"]) mkdirSync(path.join(over, name), { recursive: true });
  const alone = ["unshare", "--mount", "--propagation", "private"];
  return {
    root: { ...root, own: path.join(over, "root") },
    enter: [...alone, "sh", "-c", LAY, "lay", root.path, over],
  };
}
