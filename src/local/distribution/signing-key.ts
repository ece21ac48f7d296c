import { access, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "./run-tool.ts";

/** The distribution's own key: it vouches for the conversion on this machine and for nothing else. */
export interface SigningKey {
  /** Path of the public key in ASCII armour. */
  readonly path: string;
  /** Signs rpm files in place. */
  signPackages(files: readonly string[]): Promise<void>;
  /** Writes `<file>.asc` beside the file. */
  signFile(file: string): Promise<void>;
}

const NAME = "Millwright local distribution";

/** Opens the key in `dir`, or makes it there the first time. */
export async function openSigningKey(dir: string): Promise<SigningKey> {
  const present = await access(dir).then(
    () => true,
    () => false,
  );
  if (!present) await makeKey(dir);
  return {
    path: join(dir, "public.asc"),
    signPackages: (files) =>
      withAgent(join(dir, "gnupg"), async (env) => {
        // rpm asks for a passphrase on a terminal if it finds one, also for a key that has none.
        await runTool(
          [
            "setsid",
            "--wait",
            "rpmsign",
            "--define",
            `_gpg_name ${NAME}`,
            "--define",
            "__gpg /usr/bin/gpg",
            "--addsign",
            ...files,
          ],
          { env },
        );
      }),
    signFile: (file) =>
      withAgent(join(dir, "gnupg"), async (env) => {
        await runTool(
          ["gpg", "--batch", "--yes", "--detach-sign", "--armor", "--output", `${file}.asc`, file],
          { env },
        );
      }),
  };
}

async function makeKey(dir: string): Promise<void> {
  const half = `${dir}.half`;
  await rm(half, { recursive: true, force: true });
  await mkdir(join(half, "gnupg"), { recursive: true, mode: 0o700 });
  await withAgent(join(half, "gnupg"), async (env) => {
    await runTool(
      ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", NAME, "rsa3072", "sign", "never"],
      { env },
    );
    await writeFile(
      join(half, "public.asc"),
      await runTool(["gpg", "--batch", "--armor", "--export", NAME], { env }),
    );
  });
  await rename(half, dir);
}

/** Runs `work` with a short GNUPGHOME, since the agent's socket lies in it, and ends the agent afterwards. */
async function withAgent(
  home: string,
  work: (env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  const short = await mkdtemp(join(tmpdir(), "mw-"));
  const env = { GNUPGHOME: join(short, "g") };
  await symlink(home, env.GNUPGHOME);
  try {
    await work(env);
  } finally {
    await runTool(["gpgconf", "--kill", "gpg-agent"], { env });
    await rm(short, { recursive: true });
  }
}
