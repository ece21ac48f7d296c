import { createECDH, type KeyObject } from "node:crypto";

// node:crypto hashes whatever it signs with an elliptic curve key, but KMS is given digests. Its Diffie-Hellman multiplies
// the base point by a number, and with the private key at hand neither signing nor verifying asks for more (FIPS 186-5, 6.4).

const CURVE = "prime256v1";
/** The order of the curve's base point. */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** ECDSA on P-256 over a digest of 32 bytes, in DER. As with KMS, no two signatures are alike. */
export function signDigest(key: KeyObject, digest: Buffer): Buffer {
  const secret = secretOf(key);
  for (;;) {
    const nonce = createECDH(CURVE);
    const r = xOf(nonce.generateKeys());
    const s = mod(inverse(numberOf(nonce.getPrivateKey())) * (numberOf(digest) + r * secret));
    if (r !== 0n && s !== 0n) return derOf([r, s]);
  }
}

/** Whether a signature in DER is this key's over the digest. */
export function verifyDigest(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const [r, s] = numbersIn(signature);
  if (r === undefined || s === undefined || !isScalar(r) || !isScalar(s)) return false;
  const point = mod(inverse(s) * (numberOf(digest) + r * secretOf(key)));
  if (point === 0n) return false;
  const curve = createECDH(CURVE);
  curve.setPrivateKey(bytesOf(point));
  return xOf(curve.getPublicKey()) === r;
}

const mod = (number: bigint): bigint => ((number % N) + N) % N;
const isScalar = (number: bigint): boolean => number > 0n && number < N;
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);
const bytesOf = (number: bigint): Buffer => Buffer.from(number.toString(16).padStart(64, "0"), "hex");

/** The first coordinate of an uncompressed point. */
const xOf = (point: Buffer): bigint => mod(numberOf(point.subarray(1, 33)));

const secretOf = (key: KeyObject): bigint =>
  numberOf(Buffer.from(key.export({ format: "jwk" }).d ?? "", "base64url"));

/** By Fermat: the order is a prime. */
function inverse(number: bigint): bigint {
  let result = 1n;
  let square = mod(number);
  for (let rest = N - 2n; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

/** A SEQUENCE of INTEGERs, all of it shorter than 128 bytes. */
function derOf(numbers: readonly bigint[]): Buffer {
  const content = Buffer.concat(
    numbers.map((number) => {
      const hex = number.toString(16);
      const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
      // A first bit that is set would say that it is negative.
      const value = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
      return Buffer.concat([Buffer.of(INTEGER, value.length), value]);
    }),
  );
  return Buffer.concat([Buffer.of(SEQUENCE, content.length), content]);
}

/** The two numbers of a signature; nothing if it is written in any other way than ours. */
function numbersIn(der: Buffer): readonly bigint[] {
  const first = der[3] ?? 0;
  const second = der[5 + first] ?? 0;
  const numbers = [der.subarray(4, 4 + first), der.subarray(6 + first, 6 + first + second)].map(numberOf);
  return derOf(numbers).equals(der) ? numbers : [];
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
