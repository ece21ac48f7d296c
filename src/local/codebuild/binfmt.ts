/** What the kernel must be told before it runs programs of another architecture. */
export interface Binfmt {
  /** The interpreter's file on the host. */
  readonly interpreter: string;
  /** The line for binfmt_misc's `register`, with flag F: the interpreter need not be in the root. */
  readonly register: string;
}

const REGISTER = `
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc || exit 125
printf '%s' "$1" > /proc/sys/fs/binfmt_misc/register || exit 125
shift
exec "$@"
`;

const OWN_NAMESPACE = "unshare --user --map-root-user --mount sh -c".split(" ");

/**
 * Prefix of a command that shall run foreign programs. binfmt_misc is per user namespace (Linux 6.7): the
 * registration is made in a namespace of its own and ends with it; nothing on the host changes.
 */
export const withBinfmt = ({ register }: Binfmt): string[] => [
  ...OWN_NAMESPACE,
  REGISTER,
  "register",
  register,
];
