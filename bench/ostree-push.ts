/** Publishes one commit as the publish stage does, without its gate around: what `ostree-publish` measures of ours. */
import { createPrivateKey, createPublicKey, privateEncrypt } from "node:crypto";
import { readFileSync } from "node:fs";
import { S3Client } from "@aws-sdk/client-s3";
import { moveAll, settle } from "../src/publish/moves.ts";
import { openPgpKey } from "../src/publish/openpgp.ts";
import { localRepository } from "../src/publish/ostree/local-repository.ts";
import { prepareTree } from "../src/publish/ostree/prepare-tree.ts";
import { putPool } from "../src/publish/ostree/put-pool.ts";
import { writeConfig, writeSummary } from "../src/publish/ostree/summary.ts";
import { s3Mirror } from "../src/publish/s3-mirror.ts";

const [dir = "", ref = "", commit = "", prefix = "", pem = ""] = process.argv.slice(2);
const place = { bucket: "bench", prefix };
const s3 = new S3Client({ forcePathStyle: true });
const secret = createPrivateKey(readFileSync(pem));
const PREFIX = Buffer.from("3031300d060960864801650304020105000420", "hex");
const key = await openPgpKey(
  {
    publicKey: async () => createPublicKey(secret).export({ type: "spki", format: "der" }),
    // The digest is made already: what is encrypted is its name and itself (PKCS#1, version 1.5).
    sign: async (digest) => privateEncrypt(secret, Buffer.concat([PREFIX, digest])),
  },
  { name: "Bench", email: "bench@invalid", created: new Date("2026-01-01T00:00:00Z") },
);
const mirror = s3Mirror(s3, place);
await using shelf = await putPool(s3, place);
const desk = { mirror, shelf, hand: { key, at: new Date("2026-03-01T00:00:00Z") } };
await settle(mirror);
const step = await prepareTree(desk, { repository: await localRepository(dir), ref, commit });
if (step.refusals.length > 0) throw new Error(step.refusals.join(" "));
await writeConfig(mirror);
const tree = await step.bring();
if (!(await moveAll(mirror, tree.move ? [tree.move] : [])))
  throw new Error("The ref was moved by somebody else.");
await writeSummary(desk, [tree]);
console.log(JSON.stringify({ fresh: tree.fresh }));
