import { existsSync, readFileSync } from "node:fs";

/** How programs of another architecture run here: by an interpreter that the kernel is told of. */
export interface Foreign {
  /** The interpreter's file on the host. */
  readonly interpreter: string;
  /** A line for binfmt_misc's `register`. */
  readonly registration: string;
}

const FOLDERS = ["/usr/lib/binfmt.d", "/etc/binfmt.d"];

/** The interpreter that qemu-user-static brought for an architecture (`aarch64`), if it is installed. */
export function foreignArch(arch: string): Foreign | undefined {
  const file = FOLDERS.map((folder) => `${folder}/qemu-${arch}.conf`).find((file) => existsSync(file));
  const registration = file && readFileSync(file, "utf8").trim();
  const interpreter = registration?.split(":").at(-2);
  return registration && interpreter && existsSync(interpreter) ? { interpreter, registration } : undefined;
}

const REGISTER = `
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc || exit 125
printf '%s' "$1" > /proc/sys/fs/binfmt_misc/register || exit 125
shift
exec "$@"
`;

/**
 * Prefix of a command that shall run foreign programs. binfmt_misc is per user namespace (Linux 6.7): the
 * registration is made in a namespace of its own and ends with it; nothing on the host changes.
 */
export const inForeignNamespace = ({ registration }: Foreign): string[] => [
  ...["unshare", "--user", "--map-root-user", "--mount"],
  ...["sh", "-c", REGISTER, "register", registration],
];
