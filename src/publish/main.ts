import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { kmsSigner } from "../platform/aws/signer.ts";
import { fetchBytes } from "./download.ts";
import { Manifest } from "./manifest.ts";
import { openPgpKey } from "./openpgp.ts";
import { publish } from "./publish.ts";
import { s3Mirror } from "./s3-mirror.ts";
import { tools } from "./tools.ts";
import { upload } from "./upload.ts";

const REFUSED = 3;
/** EX_TEMPFAIL of sysexits.h: the same may go well another time. */
const TRY_AGAIN = 75;

/** Publishes as the manifest at this address says, and gives the exit code. */
async function main(manifestUrl: string, path: string): Promise<number> {
  const manifest = Manifest.parse(JSON.parse(Buffer.from(await fetchBytes(manifestUrl)).toString()));
  const dir = await mkdtemp(join(tmpdir(), "publish-"));
  try {
    const home = join(dir, "home");
    await mkdir(home);
    const { id, name, email, created } = manifest.key;
    const signer = kmsSigner({ kms: new KMSClient({}), keyId: id });
    const outcome = await publish({
      manifest,
      mirror: s3Mirror(new S3Client({}), manifest.mirror),
      key: await openPgpKey(signer, { name, email, created: new Date(created) }),
      tools: tools({ path, home }),
      dir,
    });
    if (outcome.kind === "refused") {
      process.stderr.write(`${outcome.sentences.join("\n")}\n`);
      return REFUSED;
    }
    const text = `${JSON.stringify(outcome.published, undefined, 1)}\n`;
    process.stdout.write(text);
    await upload(manifest.upload, new Map([["published.json", Buffer.from(text)]]));
    return 0;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main(process.env["MILLWRIGHT_MANIFEST"] ?? "", process.env["PATH"] ?? "");
} catch (error) {
  process.stderr.write(`Publishing failed and may be tried again: ${explained(error)}\n`);
  process.exitCode = TRY_AGAIN;
}

function explained(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : ` (${explained(error.cause)})`;
  return `${error.message}${cause}`;
}
