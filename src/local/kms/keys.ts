import { generateKeyPair, type KeyObject, createPrivateKey, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { serviceError } from "../json-protocol.ts";

export const KeySpec = z.enum(["RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256"]);
export type KeySpec = z.infer<typeof KeySpec>;

const StoredKey = z.object({
  id: z.string(),
  spec: KeySpec,
  description: z.string(),
  created: z.number(),
  /** PKCS#8 in PEM. */
  pem: z.string(),
});
type StoredKey = z.infer<typeof StoredKey>;

export interface Key extends Omit<StoredKey, "pem"> {
  readonly arn: string;
  readonly private: KeyObject;
}

const generate = promisify(generateKeyPair);

/** Keys and their aliases, one file each under `dir`, readable by the owner alone. */
export function keyRing({ dir, arnPrefix }: { readonly dir: string; readonly arnPrefix: string }) {
  const keyFile = (id: string): string => path.join(dir, `key-${id}.json`);
  const aliasFile = (name: string): string => path.join(dir, `alias-${Buffer.from(name).toString("hex")}`);
  const loaded = new Map<string, Key>();

  return {
    /** Makes a key; RSA-4096 takes some seconds, on a thread of its own. */
    async create(spec: KeySpec, description: string): Promise<Key> {
      const { privateKey } = await generateFor(spec);
      const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
      const stored: StoredKey = { id: randomUUID(), spec, description, created: Date.now() / 1000, pem };
      await writeWhole(keyFile(stored.id), JSON.stringify(stored));
      return open(stored);
    },

    /** Names a key; `alias` starts with `alias/`. */
    async name(alias: string, keyId: string): Promise<void> {
      const key = await find(keyId);
      if ((await readIfThere(aliasFile(alias))) !== undefined)
        throw serviceError(
          "AlreadyExistsException",
          `An alias with the name ${arnPrefix}${alias} already exists`,
        );
      await writeWhole(aliasFile(alias), key.id);
    },

    find,
  };

  /** A key by its id, ARN, alias or the alias's ARN. */
  async function find(keyId: string): Promise<Key> {
    const name = keyId.startsWith(arnPrefix) ? keyId.slice(arnPrefix.length) : keyId;
    const id = name.startsWith("alias/") ? await readIfThere(aliasFile(name)) : name.replace(/^key\//, "");
    if (!id) throw serviceError("NotFoundException", `Alias ${arnPrefix}${name} is not found.`);
    const known = loaded.get(id);
    if (known) return known;
    const text = z.uuid().safeParse(id).success ? await readIfThere(keyFile(id)) : undefined;
    if (!text) throw serviceError("NotFoundException", `Key '${arnPrefix}key/${id}' does not exist`);
    return open(StoredKey.parse(JSON.parse(text)));
  }

  function open({ pem, ...stored }: StoredKey): Key {
    const key = { ...stored, arn: `${arnPrefix}key/${stored.id}`, private: createPrivateKey(pem) };
    loaded.set(key.id, key);
    return key;
  }
}

const generateFor = (spec: KeySpec): Promise<{ privateKey: KeyObject }> =>
  spec === "ECC_NIST_P256"
    ? generate("ec", { namedCurve: "P-256" })
    : generate("rsa", { modulusLength: Number(spec.slice("RSA_".length)) });

async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, text, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
