import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { refused } from "./failure.ts";
import { visible } from "./progress.ts";

/** What a repository says of a file: where it says so, and the digest in lower-case hex. */
export interface Checksum {
  readonly file: string;
  readonly algorithm: "sha256" | "sha512";
  readonly hex: string;
  /** `path:line` for the author. */
  readonly at: string;
}

const TAGGED = /^([A-Za-z0-9-]+) \((.+)\) = ([0-9a-fA-F]+)$/;
const PLAIN = /^([0-9a-fA-F]+)(?:[ \t]+\*?(\S.*))?$/;

/**
 * Reads `SHA512 (file) = hex` (as in Fedora's dist-git) and `hex  file` lines.
 * `alone`: the file that a line without a name speaks of (`<file>.sha256`).
 */
export function readChecksums(text: string, path: string, alone?: string): readonly Checksum[] {
  return text.split("\n").flatMap((line, index) => {
    const content = line.trim();
    const at = `${visible(path)}:${index + 1}`;
    return content === "" || content.startsWith("#") ? [] : [checksumOf(content, at, alone)];
  });
}

function checksumOf(line: string, at: string, alone: string | undefined): Checksum {
  const { name, file = alone, hex } = wordsOf(line);
  if (hex === undefined || file === undefined)
    throw refused(`${at}: this is no checksum; write "SHA512 (file) = hex".`);
  const algorithm = ALGORITHMS.get(hex.length);
  const named = name?.toLowerCase().replace("-", "") ?? algorithm;
  if (!algorithm || named !== algorithm)
    throw refused(`${at}: only SHA256 and SHA512 count; write "SHA512 (file) = hex".`);
  return { file, algorithm, hex: hex.toLowerCase(), at };
}

/** By the length of their hex. */
const ALGORITHMS: ReadonlyMap<number, Checksum["algorithm"]> = new Map([
  [64, "sha256"],
  [128, "sha512"],
]);

interface Words {
  readonly name?: string | undefined;
  readonly file?: string | undefined;
  readonly hex?: string | undefined;
}

function wordsOf(line: string): Words {
  const [, name, file, hex] = TAGGED.exec(line) ?? [];
  if (hex !== undefined) return { name, file, hex };
  const [, plain, plainFile] = PLAIN.exec(line) ?? [];
  return { file: plainFile, hex: plain };
}

/** Refuses a file that is not the one its checksum speaks of. */
export async function verify(path: string, checksum: Checksum): Promise<void> {
  const got = await digestOf(path, checksum.algorithm);
  const { at, file, hex, algorithm } = checksum;
  if (got !== hex)
    throw refused(
      `${at}: ${visible(file)} is not what was listed: ${algorithm} expected ${hex}, got ${got}.`,
    );
}

/** Digest of a file in hex. */
export async function digestOf(path: string, algorithm: Checksum["algorithm"]): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
