import { readFile } from "node:fs/promises";

/** What the kernel's binfmt_misc must be told before it runs programs of another architecture. */
export interface Binfmt {
  /** Name of the entry below `/proc/sys/fs/binfmt_misc`. */
  readonly name: string;
  /** The line for `/proc/sys/fs/binfmt_misc/register`. Flag F: the interpreter need not be in the root. */
  readonly register: string;
  /** Path on this machine. */
  readonly interpreter: string;
}

/** The entry that `qemu-user-static` ships for an architecture (RPM's name). */
export async function foreignPrograms(arch: string): Promise<Binfmt> {
  const file = `/usr/lib/binfmt.d/qemu-${arch}.conf`;
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Error(`${arch} programs cannot run here: install qemu-user-static`, { cause });
  });
  return binfmtOf(text);
}

/** Reads `:name:type:offset:magic:mask:interpreter:flags` as in binfmt.d(5). */
export function binfmtOf(text: string): Binfmt {
  const register = text.trim();
  const [, name = "", , , , , interpreter = "", flags = ""] = register.split(":");
  if (!name || !interpreter) throw new Error(`not a line of binfmt.d: ${register}`);
  return { name, interpreter, register: flags.includes("F") ? register : `${register}F` };
}
