import { join } from "node:path";
import type { OpenPgpKey } from "./openpgp.ts";
import { signSocket } from "./sign-socket.ts";
import type { Tools } from "./tools.ts";

/** Signs the headers of these packages in place; `at` is written into the signatures, so the same gives the same. */
export async function signPackages(
  files: readonly string[],
  {
    key,
    at,
    tools,
    dir,
  }: { readonly key: OpenPgpKey; readonly at: Date; readonly tools: Tools; readonly dir: string },
): Promise<void> {
  if (files.length === 0) return;
  const path = join(dir, "signer");
  await using _socket = await signSocket(path, (data) => key.detach(data, at));
  await tools("rpmsign", [
    "--define",
    `_gpg_name ${key.fingerprint}`,
    "--define",
    `__gpg_sign_cmd ${signCommand(path)}`,
    "--addsign",
    ...files,
  ]);
}

// rpm runs the first word with all words after it as its argv; the header comes on standard input.
const signCommand = (socket: string): string =>
  `/usr/bin/env env curl -qsSf --unix-socket ${socket} --data-binary @- -o %{__signature_filename} http://signer/`;
