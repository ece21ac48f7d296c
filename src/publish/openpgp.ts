import { createPublicKey } from "node:crypto";
import {
  PacketList,
  PublicKeyPacket,
  SignaturePacket,
  UserIDPacket,
  armor,
  createMessage,
  enums,
  readKey,
  readSignature,
  verify,
} from "openpgp";
import type { AnyPacket } from "openpgp";
import type { Signer } from "../ports.ts";

/** Who the key says it is, and since when; the same values always give the same certificate. */
export interface Identity {
  readonly name: string;
  readonly email: string;
  readonly created: Date;
  /** From then on nobody believes what it signs; absent: it never ends. */
  readonly expires?: Date | undefined;
}

/** An OpenPGP v4 key whose private half stays with its signer. */
export interface OpenPgpKey {
  /** Hex, upper case. */
  readonly fingerprint: string;
  /** The armored certificate, with the checksum that rpm asks for; after it may come those of other keys. */
  readonly certificate: string;
  /** The fingerprints of those. */
  readonly others?: readonly string[];
  /** A binary detached signature (RSA, SHA-256) that says it was made at `at`. */
  detach(data: Uint8Array, at: Date): Promise<Uint8Array>;
}

/** Parts of openpgp's packets that it uses itself but does not declare; golden tests watch them. */
interface SignatureInnards {
  params: { readonly s: Uint8Array };
  writeHashedSubPackets(): Uint8Array;
  toHash(type: enums.signature, data: object, detached: boolean): Uint8Array;
  hash(type: enums.signature, data: object, toHash: Uint8Array, detached: boolean): Promise<Uint8Array>;
}
interface KeyInnards {
  computeFingerprintAndKeyID(): Promise<void>;
}

/** Dresses a bare RSA key as OpenPGP: rpm, zypper and gpg of today agree on v4, RSA and SHA-256 alone. */
export async function openPgpKey(signer: Signer, identity: Identity): Promise<OpenPgpKey> {
  const packet = await publicKeyPacket(await signer.publicKey(), identity.created);
  const sign = signing(signer, packet);
  return {
    fingerprint: packet.getFingerprint().toUpperCase(),
    certificate: await certificate(packet, identity, sign),
    async detach(data, at) {
      const message = await createMessage({ binary: data });
      const [literal] = message.packets;
      if (!literal) throw new Error("openpgp made a message without content.");
      return write([await sign(signature(enums.signature.binary, at), literal, true)]);
    },
  };
}

/** The text form of a detached signature, as `repomd.xml.asc` has it. */
export function armored(signature: Uint8Array): string {
  return armor(enums.armor.signature, signature, undefined, undefined, undefined, true);
}

/** The armored certificates in a key file; together they are the whole text. */
export function certificatesIn(text: string): readonly string[] {
  const [before = "", first = "", ...others] = text.split(BEGIN);
  return [before + BEGIN + first, ...others.map((part) => BEGIN + part)];
}

const BEGIN = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

/** Throws unless `signature` (armored, detached) over `data` was made by the key of `certificate`, or by one of several. */
export async function verifyDetached(
  certificate: string,
  data: Uint8Array,
  signature: string,
): Promise<void> {
  await verify({
    message: await createMessage({ binary: data }),
    signature: await readSignature({ armoredSignature: signature }),
    verificationKeys: await Promise.all(
      certificatesIn(certificate).map((armoredKey) => readKey({ armoredKey })),
    ),
    expectSigned: true,
    format: "binary",
  });
}

type Sign = (signature: SignaturePacket, data: object, detached: boolean) => Promise<SignaturePacket>;

function signing(signer: Signer, key: PublicKeyPacket): Sign {
  return async (signature, data, detached) => {
    const packet = opened(signature);
    const type = packet.signatureType;
    if (type === null) throw new Error("A signature without a type cannot be made.");
    packet.publicKeyAlgorithm = key.algorithm;
    packet.hashAlgorithm = enums.hash.sha256;
    packet.issuerKeyVersion = 4;
    packet.issuerFingerprint = key.getFingerprintBytes();
    packet.issuerKeyID = key.getKeyID();
    packet.signatureData = Buffer.concat([
      Uint8Array.of(4, type, key.algorithm, enums.hash.sha256),
      readable(packet.writeHashedSubPackets()),
    ]);
    const digest = await packet.hash(type, data, packet.toHash(type, data, detached), detached);
    packet.signedHashValue = digest.subarray(0, 2);
    packet.params = { s: await signer.sign(digest) };
    return packet;
  };
}

/** Hashed subpackets, after two bytes of length. rpm of today imports no key whose end is marked as critical, as openpgp
 *  marks it; nobody passes over that end because of the mark. */
function readable(subpackets: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(subpackets);
  // All of ours are shorter than 192 bytes: one byte of length, then the kind.
  for (let at = 2; at < bytes.length; at += 1 + (bytes[at] ?? 0))
    if (bytes[at + 1] === (CRITICAL | KEY_EXPIRATION_TIME)) bytes[at + 1] = KEY_EXPIRATION_TIME;
  return bytes;
}

const CRITICAL = 0x80;
const KEY_EXPIRATION_TIME = 9;

function opened(packet: SignaturePacket): SignaturePacket & SignatureInnards {
  if (!hasSignatureInnards(packet)) throw new Error("This version of openpgp makes signatures another way.");
  return packet;
}

const hasSignatureInnards = (packet: object): packet is SignaturePacket & SignatureInnards =>
  "toHash" in packet && "hash" in packet && "writeHashedSubPackets" in packet;
const hasKeyInnards = (packet: object): packet is PublicKeyPacket & KeyInnards =>
  "computeFingerprintAndKeyID" in packet;

function signature(type: enums.signature, at: Date): SignaturePacket {
  const packet = new SignaturePacket();
  packet.version = 4;
  packet.signatureType = type;
  packet.created = at;
  return packet;
}

async function publicKeyPacket(der: Uint8Array, created: Date): Promise<PublicKeyPacket> {
  const key = createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
  const { kty, n, e } = key.export({ format: "jwk" });
  if (kty !== "RSA" || !n || !e) throw new Error("The signing key is not an RSA key.");
  const packet = new PublicKeyPacket();
  packet.created = created;
  packet.version = 4;
  packet.algorithm = enums.publicKey.rsaEncryptSign;
  packet.publicParams = { n: unsigned(n), e: unsigned(e) };
  if (!hasKeyInnards(packet)) throw new Error("This version of openpgp keeps its fingerprints elsewhere.");
  await packet.computeFingerprintAndKeyID();
  return packet;
}

const unsigned = (base64url: string): Uint8Array => new Uint8Array(Buffer.from(base64url, "base64url"));

async function certificate(key: PublicKeyPacket, identity: Identity, sign: Sign): Promise<string> {
  const userID = UserIDPacket.fromObject({ name: identity.name, email: identity.email });
  const binding = signature(enums.signature.certPositive, identity.created);
  binding.keyFlags = Uint8Array.of(enums.keyFlags.certifyKeys | enums.keyFlags.signData);
  binding.preferredHashAlgorithms = [enums.hash.sha256, enums.hash.sha512];
  binding.isPrimaryUserID = true;
  if (identity.expires) {
    binding.keyNeverExpires = false;
    binding.keyExpirationTime = (identity.expires.getTime() - identity.created.getTime()) / 1000;
  }
  const signed = await sign(binding, { key, userID }, false);
  return armor(enums.armor.publicKey, write([key, userID, signed]), undefined, undefined, undefined, true);
}

function write(packets: readonly AnyPacket[]): Uint8Array {
  const list = new PacketList();
  list.push(...packets);
  return list.write();
}
