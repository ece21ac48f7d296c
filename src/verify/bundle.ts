import { createPublicKey, verify } from "node:crypto";
import { bundleFromJSON, isBundleWithDsseEnvelope } from "@sigstore/bundle";
import { z } from "zod";

const Statement = z.looseObject({
  _type: z.literal("https://in-toto.io/Statement/v1"),
  predicateType: z.literal("https://slsa.dev/provenance/v1"),
  subject: z.array(z.looseObject({ digest: z.record(z.string(), z.string()) })),
});

/** Why a bundle does not say where the content of this digest comes from, by one of these public keys (PEM, after each
 *  other); nothing: it does. */
export function faultOf(
  bundle: Uint8Array,
  { pem, sha256 }: { readonly pem: string; readonly sha256: string },
) {
  try {
    const { subject } = Statement.parse(statementIn(pem, bundle));
    return subject.some(({ digest }) => digest["sha256"] === sha256)
      ? undefined
      : "it speaks of another one.";
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(/\s+/g, " ") : String(error);
  }
}

function statementIn(pem: string, bytes: Uint8Array): unknown {
  const bundle = bundleFromJSON(JSON.parse(Buffer.from(bytes).toString()));
  if (!isBundleWithDsseEnvelope(bundle)) throw new Error("it is no envelope of DSSE.");
  const { payload, payloadType, signatures } = bundle.content.dsseEnvelope;
  const length = Buffer.byteLength(payloadType);
  const head = `DSSEv1 ${length} ${payloadType} ${payload.length} `;
  const signed = Buffer.concat([Buffer.from(head), payload]);
  const keys = pem.split(BEGIN).slice(1);
  const isSigned = signatures.some(({ sig }) =>
    keys.some((key) => verify("sha256", signed, createPublicKey(BEGIN + key), sig)),
  );
  if (!isSigned) throw new Error("the channel's key for it did not sign it.");
  return JSON.parse(payload.toString());
}

const BEGIN = "-----BEGIN PUBLIC KEY-----";
