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
