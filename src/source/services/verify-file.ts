import { join } from "node:path";
import type { Service } from "../../pipelines/service/services.ts";
import { digestOf } from "../checksums.ts";
import { refused } from "../failure.ts";
import { visible } from "../progress.ts";
import type { Bench } from "./bench.ts";

const DIGITS = { sha256: 64, sha512: 128 } as const;

/** verify_file: a file is the one that its digest speaks of. */
export async function runVerifyFile(params: Service<"verify_file">["params"], bench: Bench): Promise<void> {
  const { file, verifier: algorithm } = params;
  const hex = params.checksum.toLowerCase();
  if (hex.length !== DIGITS[algorithm] || !/^[0-9a-f]*$/.test(hex))
    throw refused(`${visible(params.checksum)} is no ${algorithm}.`);
  for (const one of await bench.matching(file)) {
    const got = await digestOf(join(bench.dir, one), algorithm);
    if (got !== hex) throw refused(`${one} is another file: ${algorithm} expected ${hex}, got ${got}.`);
    bench.say(`${one} has the ${algorithm} that is expected`);
  }
}
