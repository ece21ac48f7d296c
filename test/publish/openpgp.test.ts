import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { armored, openPgpKey, verifyDetached } from "../../src/publish/openpgp.ts";
import type { Signer } from "../../src/ports.ts";
import { AT, IDENTITY, scratch, testKey, testSigner, testTools } from "./kit.ts";

const DATA = Buffer.from("what is signed\n");

test("gpg believes a detached signature and the certificate it belongs to", async () => {
  await using place = await scratch();
  const key = await testKey();
  const gpg = await keyring(place.dir, key.certificate);
  await writeFile(join(place.dir, "data"), DATA);
  await writeFile(join(place.dir, "data.asc"), armored(await key.detach(DATA, new Date(AT))));
  const status = gpg("--status-fd=1", "--verify", join(place.dir, "data.asc"), join(place.dir, "data"));
  expect(status).toContain(`VALIDSIG ${key.fingerprint} 2026-03-04 ${Date.parse(AT) / 1000}`);
});

test("gpg does not believe the signature once a byte of the data has changed", async () => {
  await using place = await scratch();
  const key = await testKey();
  const gpg = await keyring(place.dir, key.certificate);
  await writeFile(join(place.dir, "data"), "what is sIgned\n");
  await writeFile(join(place.dir, "data.asc"), armored(await key.detach(DATA, new Date(AT))));
  expect(() => gpg("--verify", join(place.dir, "data.asc"), join(place.dir, "data"))).toThrow(
    "BAD signature",
  );
});

test("rpm imports the certificate", async () => {
  await using place = await scratch();
  const key = await testKey();
  const run = await testTools(place.dir);
  await writeFile(join(place.dir, "key"), key.certificate);
  const db = ["--dbpath", join(place.dir, "db")];
  await run("rpmkeys", [...db, "--import", join(place.dir, "key")]);
  const keys = await run("rpm", [...db, "-q", "gpg-pubkey", "--qf", "%{VERSION}"]);
  expect(keys).toBe(key.fingerprint.slice(-8).toLowerCase());
});

test("the same data at the same time gives the same bytes, and another time gives others", async () => {
  const signer = testSigner();
  const [one, two] = [await testKey(signer), await testKey(signer)];
  expect(one.certificate).toBe(two.certificate);
  const bytes = await one.detach(DATA, new Date(AT));
  expect(await two.detach(DATA, new Date(AT))).toEqual(bytes);
  expect(await two.detach(DATA, new Date("2026-03-04T05:06:08Z"))).not.toEqual(bytes);
});

test("a signature that starts with a zero byte is written as the number it is", async () => {
  await using place = await scratch();
  const signer = testSigner();
  const first: number[] = [];
  const key = await testKey({
    ...signer,
    async sign(digest) {
      const made = await signer.sign(digest);
      first.push(made[0] ?? 1);
      return made;
    },
  });
  let data = DATA;
  let made: Uint8Array = Buffer.from([]);
  for (let n = 0; first.at(-1) !== 0; n += 1) {
    data = Buffer.from(`try ${n}\n`);
    made = await key.detach(data, new Date(AT));
  }
  const gpg = await keyring(place.dir, key.certificate);
  await writeFile(join(place.dir, "data"), data);
  await writeFile(join(place.dir, "data.sig"), made);
  expect(gpg("--status-fd=1", "--verify", join(place.dir, "data.sig"), join(place.dir, "data"))).toContain(
    "VALIDSIG",
  );
});

test("a signature is believed by its own key only", async () => {
  const [ours, theirs] = [await testKey(), await testKey()];
  const made = armored(await ours.detach(DATA, new Date(AT)));
  await expect(verifyDetached(ours.certificate, DATA, made)).resolves.toBeUndefined();
  await expect(verifyDetached(theirs.certificate, DATA, made)).rejects.toThrow("Could not find signing key");
  await expect(verifyDetached(ours.certificate, Buffer.from("else"), made)).rejects.toThrow(
    "Signed digest did not match",
  );
});

test("a signature packet is, byte for byte, what OpenPGP v4 asks for", async () => {
  const key = await openPgpKey(FIXED, IDENTITY);
  const created = seconds(IDENTITY.created.toISOString());
  const body = Buffer.from(`04${created}010800${MODULUS}0011010001`, "hex");
  const fingerprint = hash("sha1", Buffer.concat([Buffer.from("99010d", "hex"), body]));
  expect(key.fingerprint).toBe(fingerprint.toUpperCase());

  const made = `0582${seconds(AT)}`;
  const issuer = `0910${fingerprint.slice(-16)}`;
  const issuerFingerprint = `162104${fingerprint}`;
  const hashed = `040001080027${made}${issuer}${issuerFingerprint}`;
  const digest = hash("sha256", Buffer.concat([DATA, Buffer.from(`${hashed}04ff0000002d`, "hex")]));
  const bits = "07fe";
  const packet = `c2c073${hashed}0000${digest.slice(0, 4)}${bits}${digest.repeat(8)}`;
  expect(Buffer.from(await key.detach(DATA, new Date(AT))).toString("hex")).toBe(packet);
});

test("the certificate has not changed", async () => {
  const { certificate } = await openPgpKey(FIXED, IDENTITY);
  expect(hash("sha256", Buffer.from(certificate))).toBe(
    "1574bb33079e2dc75679a3f792b9530b35b27b77efbbe0ffb101a4fb6a40ff00",
  );
});

describe("a key that ends", () => {
  const expires = new Date("2027-01-01T00:00:00Z");

  test("has a certificate that is the same each time, says so, and is still the same key", async () => {
    await using place = await scratch();
    const signer = testSigner();
    const [endless, key, again] = [
      await openPgpKey(signer, IDENTITY),
      await openPgpKey(signer, { ...IDENTITY, expires }),
      await openPgpKey(signer, { ...IDENTITY, expires }),
    ];
    expect(key.certificate).toBe(again.certificate);
    expect(key.fingerprint).toBe(endless.fingerprint);
    expect(key.certificate).not.toBe(endless.certificate);
    const gpg = await keyring(place.dir, key.certificate);
    const lines = gpg("--with-colons", "--list-keys").split("\n");
    expect(
      lines
        .find((one) => one.startsWith("pub:"))
        ?.split(":")
        .slice(5, 7),
    ).toEqual([IDENTITY.created, expires].map((at) => String(at.getTime() / 1000)));
  });

  test("is imported by rpm, and what it signed in time is believed after its end", async () => {
    await using place = await scratch();
    const over = {
      ...IDENTITY,
      created: new Date("2020-01-01T00:00:00Z"),
      expires: new Date("2021-01-01T00:00:00Z"),
    };
    const key = await openPgpKey(testSigner(), over);
    const run = await testTools(place.dir);
    await writeFile(join(place.dir, "key"), key.certificate);
    await run("rpmkeys", ["--dbpath", join(place.dir, "db"), "--import", join(place.dir, "key")]);
    const inTime = armored(await key.detach(DATA, new Date("2020-06-01T00:00:00Z")));
    await verifyDetached(key.certificate, DATA, inTime);
    const late = armored(await key.detach(DATA, new Date("2021-06-01T00:00:00Z")));
    await expect(verifyDetached(key.certificate, DATA, late)).rejects.toThrow("expired");
  });
});

const hash = (algorithm: string, bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest("hex");
const seconds = (time: string): string => (Date.parse(time) / 1000).toString(16).padStart(8, "0");

const MODULUS = "c5".repeat(256);

/** A public key that never changes and a "signature" that is the digest eight times over. */
const FIXED: Signer = {
  publicKey: async () =>
    Buffer.from(
      `30820122300d06092a864886f70d01010105000382010f003082010a0282010100${MODULUS}0203010001`,
      "hex",
    ),
  sign: async (digest) => Buffer.concat(Array.from({ length: 8 }, () => digest)),
};

async function keyring(dir: string, certificate: string): Promise<(...args: readonly string[]) => string> {
  const home = join(dir, "gnupg");
  await mkdir(home, { mode: 0o700 });
  const run = (...args: readonly string[]): string =>
    execFileSync("gpg", ["--batch", "--homedir", home, ...args], { encoding: "utf8", stdio: "pipe" });
  await writeFile(join(dir, "key.asc"), certificate);
  run("--import", join(dir, "key.asc"));
  return run;
}
