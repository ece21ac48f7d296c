import { createHash, createPublicKey, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { bundleFromJSON, bundleToJSON, isBundleWithDsseEnvelope, toDSSEBundle } from "@sigstore/bundle";
import type { Signer } from "../ports.ts";

/** An ECDSA key on P-256 that signs statements, and whose private half stays with its signer. */
export interface AttestationKey {
  /** The public key in PEM; after it may come others that sign here too, before or after it. */
  readonly pem: string;
  /** Signs a statement and gives its bundle, as JSON (`application/vnd.dev.sigstore.bundle.v0.3+json`). */
  attest(statement: object): Promise<Uint8Array>;
}

/** What is signed is an in-toto statement. */
const TYPE = "application/vnd.in-toto+json";

/** Dresses a bare ECDSA key as what DSSE and Sigstore's bundles ask for. No log and no certificate authority takes part:
 *  who verifies has the public key, and the bundle names it by the digest of its DER, as cosign does. */
export async function attestationKey(signer: Signer): Promise<AttestationKey> {
  const der = Buffer.from(await signer.publicKey());
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1")
    throw new Error("The key for attestations is not an elliptic curve key on P-256.");
  const keyHint = createHash("sha256").update(der).digest("base64");
  return {
    pem: key.export({ type: "spki", format: "pem" }).toString(),
    async attest(statement) {
      const artifact = Buffer.from(JSON.stringify(statement));
      const digest = createHash("sha256").update(envelope(TYPE, artifact)).digest();
      const signature = Buffer.from(await signer.sign(digest));
      const bundle = bundleToJSON(toDSSEBundle({ artifact, artifactType: TYPE, signature, keyHint }));
      return Buffer.from(`${JSON.stringify(bundle)}\n`);
    },
  };
}

/** The statement in a bundle; throws unless the key of `pem`, or one of several, signed it. What the statement says is another question. */
export function openBundle(pem: string, bytes: Uint8Array): unknown {
  const bundle = bundleFromJSON(JSON.parse(Buffer.from(bytes).toString()));
  if (!isBundleWithDsseEnvelope(bundle)) throw new Error("The bundle has no DSSE envelope.");
  const { payload, payloadType, signatures } = bundle.content.dsseEnvelope;
  const signed = envelope(payloadType, payload);
  const keys = keysIn(pem);
  const isOurs = signatures.some(({ sig }) => keys.some((key) => verify("sha256", signed, key, sig)));
  if (payloadType !== TYPE || !isOurs) throw new Error("The key for attestations did not sign this bundle.");
  return JSON.parse(payload.toString());
}

const BEGIN = "-----BEGIN PUBLIC KEY-----";

const keysIn = (pem: string): readonly KeyObject[] =>
  pem
    .split(BEGIN)
    .slice(1)
    .map((part) => createPublicKey(BEGIN + part));

/** What DSSE signs: the type and the payload, each with its length before it. */
const envelope = (type: string, payload: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload]);
