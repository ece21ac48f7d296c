/** What the kernel must be told before it runs programs of another architecture. */
export interface Binfmt {
  /** The interpreter's file on the host. */
  readonly interpreter: string;
  /** The line for binfmt_misc's `register`, with flag F: the interpreter need not be in the root. */
  readonly register: string;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

const REGISTER = `
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc || exit 125
printf '%s' "$1" > /proc/sys/fs/binfmt_misc/register || exit 125
shift
exec "$@"
`;

const OWN_NAMESPACE = ["unshare", "--user", "--map-root-user"];

/**
 * Prefix of a command that shall run in a user namespace of its own, if that is needed: who is not root has
 * powers over the namespaces below it there, and binfmt_misc is per user namespace (Linux 6.7), so that foreign
 * programs can be made known without a change to the host. All of it ends with the command.
 */
export function inUserNamespace(binfmt: Binfmt | undefined): string[] {
  if (binfmt) return [...OWN_NAMESPACE, "--mount", "sh", "-c", REGISTER, "register", binfmt.register];
  return isRoot() ? [] : OWN_NAMESPACE;
}

/** Users of the host that nobody is: what a privileged build owns is theirs. */
const FIRST = 1_000_000;

const NOBODY = `
own=$1; count=$2; shift 2
unshare --user sleep 10 < /dev/null > /dev/null 2>&1 3>&- 4>&- 5>&- &
holder=$!
until [ "$(readlink /proc/$holder/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do sleep 0.01; done
for map in uid_map gid_map; do echo "0 ${FIRST} 65536" > /proc/$holder/$map || exit 125; done
chown ${FIRST}:${FIRST} "$own" || exit 125
mount -t tmpfs -o mode=755 none /mnt || exit 125
place=0
while [ "$place" -lt "$count" ]; do
  if [ -d "$1" ]; then mkdir /mnt/$place; else : > /mnt/$place; fi
  mount --bind "$1" /mnt/$place || exit 125
  shift; place=$((place + 1))
done
exec nsenter --user=/proc/$holder/ns/user --setuid 0 --setgid 0 "$@"
`;

/**
 * Prefix of a command that shall be root with all powers, but over its own namespaces only: its users are none of the
 * host's, and `own` is theirs. It finds `places` of the host below /mnt, by their number, since it may not walk there.
 */
export function asNobody(own: string, places: readonly string[]): string[] {
  if (!isRoot()) throw new Error("images are made here only if this runs as root");
  const head = ["unshare", "--mount", "--propagation", "private", "sh", "-c", NOBODY, "nobody"];
  return [...head, own, String(places.length), ...places];
}
