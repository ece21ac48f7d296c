import { createHash, createPublicKey } from "node:crypto";
import { join } from "node:path";
import { bundleFromJSON } from "@sigstore/bundle";
import { PublicKeyDetails } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, VerificationError, Verifier } from "@sigstore/verify";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Provenance } from "../../src/pipelines/release/provenance.ts";
import { startKms } from "../../src/local/kms/server.ts";
import { kmsSigner } from "../../src/platform/aws/signer.ts";
import { attestationKey, openBundle } from "../../src/publish/dsse.ts";
import type { AttestationKey } from "../../src/publish/dsse.ts";
import type { Mirror } from "../../src/publish/mirror.ts";
import { channel, POINTER, stockedShelf } from "./channel.ts";
import type { Changes, Shelf } from "./channel.ts";
import { scratch } from "./kit.ts";

let world: Awaited<ReturnType<typeof started>>;
beforeAll(async () => {
  world = await started();
});
afterAll(() => world.end());

/** Two keys in the embedded KMS, and packages to publish. */
async function started() {
  const place = await scratch();
  const shelf: Shelf = await stockedShelf();
  const options = { dir: join(place.dir, "kms"), port: 0, credentials: { id: "secret" }, log: () => {} };
  const server = await startKms(options);
  const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
  const kms = new KMSClient({ endpoint: server.url, region: "eu-central-1", credentials });
  const made = async (): Promise<AttestationKey> => {
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }),
    );
    return attestationKey(kmsSigner({ kms, keyId: KeyMetadata?.KeyId ?? "", by: "ECDSA" }));
  };
  const [ours, theirs] = [await made(), await made()];
  return {
    shelf,
    ours,
    theirs,
    async end() {
      await server.close();
      await shelf[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

/** What a user does who has Sigstore's library and our public key: a bundle and the file that it should speak of. */
function accepts(pem: string, bundle: unknown, artifact: Uint8Array): boolean {
  const rawBytes = createPublicKey(pem).export({ type: "spki", format: "der" });
  const keyDetails = PublicKeyDetails.PKIX_ECDSA_P256_SHA_256;
  const keys = { [sha256(rawBytes, "base64")]: { rawBytes, keyDetails, validFor: { start: new Date(0) } } };
  const none = { mediaType: "", tlogs: [], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [] };
  const verifier = new Verifier(toTrustMaterial(none, keys), {
    tlogThreshold: 0,
    ctlogThreshold: 0,
    timestampThreshold: 0,
  });
  const parsed = bundleFromJSON(bundle);
  try {
    verifier.verify(toSignedEntity(parsed));
  } catch (error) {
    if (error instanceof VerificationError) return false;
    throw error;
  }
  return statementIn(bundle).subject.some(({ digest }) => digest.sha256 === sha256(artifact));
}

const sha256 = (bytes: Uint8Array, as: "hex" | "base64" = "hex"): string =>
  createHash("sha256").update(bytes).digest(as);

interface Bundle {
  readonly mediaType: string;
  readonly verificationMaterial: object;
  readonly dsseEnvelope: { readonly payload: string };
}

const statementIn = (bundle: unknown) =>
  JSON.parse(Buffer.from((bundle as Bundle).dsseEnvelope.payload, "base64").toString()) as {
    readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
    readonly predicate: object;
  };

const GREET: Provenance = {
  buildDefinition: {
    buildType: "urn:millwright:build:rpm:v1",
    externalParameters: { repository: "https://github.example/acme/os", sha: "a".repeat(40) },
    internalParameters: { run: "1/push/main/abc" },
    resolvedDependencies: [{ name: "sources", digest: { sha256: "b".repeat(64) } }],
  },
  runDetails: {
    builder: { id: "https://millwright.example/builders/build-trusted-x86_64" },
    metadata: { invocationId: "1/push/main/abc#build/greet#1" },
  },
};

const ATTESTED = {
  manifest: { attestation: { key: { id: "key" }, builds: { "1/push/main/abc": { x86_64: GREET } } } },
} as const;

const bundleName = "/hello-1.0-1.x86_64.rpm.sigstore.json";

/** A channel with `hello` in it, and what lies there of that. */
async function published(changes: Changes = {}) {
  const it = await channel(world.shelf);
  const outcome = await it.run(["hello"], { ...ATTESTED, attestationKey: world.ours, ...changes });
  const files = await it.files();
  const at = Object.keys(files).find((path) => path.endsWith(bundleName)) ?? "";
  const bytes = (path: string): Buffer => Buffer.from(files[path] ?? "", "latin1");
  const bundle = JSON.parse(bytes(at).toString()) as Bundle;
  return { it, outcome, at, bundle, artifact: bytes(at.replace(".sigstore.json", "")) };
}

test("beside a package lies a bundle that Sigstore's library accepts by our key, and refuses for another file", async () => {
  const { it, bundle, artifact } = await published();
  await using _it = it;
  const pem = await it.text("ATTESTATION-KEY-millwright.pem");
  expect(pem).toBe(world.ours.pem);
  expect(bundle.mediaType).toBe("application/vnd.dev.sigstore.bundle.v0.3+json");
  expect(accepts(pem, bundle, artifact)).toBe(true);
  const other = Buffer.from(artifact);
  other[200] = (other[200] ?? 0) ^ 1;
  expect(accepts(pem, bundle, other)).toBe(false);
  expect(accepts(world.theirs.pem, bundle, artifact)).toBe(false);
});

test("a statement that was changed to speak of another file is refused, and so is one that another key signed", async () => {
  const { it, bundle, artifact } = await published();
  await using _it = it;
  const statement = statementIn(bundle);
  const forged = { ...statement, subject: [{ name: "x", digest: { sha256: sha256(Buffer.from("evil")) } }] };
  const payload = Buffer.from(JSON.stringify(forged)).toString("base64");
  const changed = { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, payload } };
  expect(accepts(world.ours.pem, changed, Buffer.from("evil"))).toBe(false);
  expect(() => openBundle(world.ours.pem, Buffer.from(JSON.stringify(changed)))).toThrow("did not sign");
  const theirs = JSON.parse(Buffer.from(await world.theirs.attest(statement)).toString());
  const posing = { ...theirs, verificationMaterial: bundle.verificationMaterial };
  expect(accepts(world.ours.pem, posing, artifact)).toBe(false);
  expect(accepts(world.theirs.pem, theirs, artifact)).toBe(true);
});

test("the statement says what the record says, of the file as it was signed and as it was built", async () => {
  const { it, bundle, artifact } = await published();
  await using _it = it;
  const { sha256: built } = await world.shelf.offered("hello");
  expect(statementIn(bundle)).toEqual({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "hello-1.0-1.x86_64.rpm", digest: { sha256: sha256(artifact) } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      ...GREET,
      runDetails: {
        ...GREET.runDetails,
        byproducts: [{ name: "hello-1.0-1.x86_64.rpm, before it was signed", digest: { sha256: built } }],
      },
    },
  });
});

test("publishing again leaves the first bundle, though ECDSA would make another", async () => {
  const { it, at } = await published();
  await using _it = it;
  const before = await it.text(at);
  const { [POINTER]: _, ...rest } = await it.files();
  await it.restore(rest);
  await it.run(["hello"], { ...ATTESTED, attestationKey: world.ours });
  expect(await it.text(at)).toBe(before);
  expect(await it.text(POINTER)).toContain("000001");
});

test.each([
  ["is lost on its way", (mirror: Mirror): Mirror => withBundle(mirror, () => undefined), "answers 404"],
  ["is another key's", (mirror: Mirror): Mirror => withBundle(mirror, forged), "did not sign this bundle"],
  ["speaks of another file", (mirror: Mirror): Mirror => withBundle(mirror, other), "something else"],
] as const)("the pointer stays where it is when a bundle %s", async (_, through, because) => {
  await using it = await channel(world.shelf);
  const asked = { ...ATTESTED, attestationKey: world.ours, through };
  await expect(it.run(["hello"], asked)).rejects.toThrow(because);
  expect(Object.keys(await it.files()).filter((path) => path.includes("mirrorlist"))).toEqual([]);
  expect(Object.keys(await it.files()).filter((path) => path.includes("/snapshots/"))).toEqual([]);
});

type Instead = (bundle: Uint8Array) => Promise<Uint8Array> | undefined;

const withBundle = (mirror: Mirror, instead: Instead): Mirror => ({
  ...mirror,
  async create(key, body) {
    if (!key.endsWith(".sigstore.json")) return mirror.create(key, body);
    const replaced = await instead(body as Uint8Array);
    return replaced ? mirror.create(key, replaced) : true;
  },
});

const statementOf = (bytes: Uint8Array) => statementIn(JSON.parse(Buffer.from(bytes).toString()));
const forged: Instead = (bytes) => world.theirs.attest(statementOf(bytes));
const other: Instead = (bytes) =>
  world.ours.attest({ ...statementOf(bytes), subject: [{ name: "x", digest: { sha256: "0".repeat(64) } }] });

test("a package of which the record does not say where it comes from is not published", async () => {
  await using it = await channel(world.shelf);
  const attestation = { key: { id: "key" }, builds: {} };
  const asked = { manifest: { attestation }, attestationKey: world.ours };
  await expect(it.run(["hello"], asked)).rejects.toThrow(
    "does not say where hello-1.0-1.x86_64.rpm comes from",
  );
  expect(Object.keys(await it.files())).not.toContain(POINTER);
});
