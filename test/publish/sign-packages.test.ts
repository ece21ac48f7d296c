import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readHeader } from "../../src/publish/header.ts";
import { signPackages } from "../../src/publish/sign-packages.ts";
import { AT, buildRpm, scratch, testKey, testSigner, testTools } from "./kit.ts";

async function desk() {
  const place = await scratch();
  const tools = await testTools(place.dir);
  const signer = testSigner();
  let signatures = 0;
  const key = await testKey({
    ...signer,
    async sign(digest) {
      signatures += 1;
      return signer.sign(digest);
    },
  });
  const made = signatures;
  const sign = (files: readonly string[], at = AT) =>
    signPackages(files, { key, at: new Date(at), tools, dir: place.dir });
  return { place, tools, key, sign, signed: () => signatures - made };
}

test("rpm takes signed packages for signed, and unsigned ones not", async () => {
  const { place, tools, key, sign } = await desk();
  await using _place = place;
  const { file, source } = await buildRpm(place.dir, { name: "hello" });
  await writeFile(join(place.dir, "key"), key.certificate);
  const db = ["--dbpath", join(place.dir, "db")];
  await tools("rpmkeys", [...db, "--import", join(place.dir, "key")]);
  const check = (path: string) =>
    tools("rpmkeys", [...db, "--define", "_pkgverify_level all", "--checksig", "--verbose", path]);
  await expect(check(file)).rejects.toThrow("rpmkeys failed");
  await sign([file, source]);
  expect(await check(file)).toContain("Header V4 RSA/SHA256 Signature, key ID");
  expect(await check(source)).toContain("Header V4 RSA/SHA256 Signature, key ID");
  expect(await readHeader(tools, file)).toMatchObject({ signatures: ["RSAHEADER"] });
});

test("signing a package again at the time of the record gives the same bytes", async () => {
  const { place, sign } = await desk();
  await using _place = place;
  const { file } = await buildRpm(place.dir, { name: "hello" });
  const again = join(place.dir, "again.rpm");
  const later = join(place.dir, "later.rpm");
  await copyFile(file, again);
  await copyFile(file, later);
  await sign([file]);
  await sign([again]);
  await sign([later], "2026-03-04T05:06:08Z");
  expect(await readFile(again)).toEqual(await readFile(file));
  expect(await readFile(later)).not.toEqual(await readFile(file));
});

test("one package costs one signature of the key", async () => {
  const { place, sign, signed } = await desk();
  await using _place = place;
  const built = await Promise.all(["a", "b"].map((name) => buildRpm(place.dir, { name })));
  await sign(built.map(({ file }) => file));
  expect(signed()).toBe(2);
});

test("a key that does not answer fails the signing", async () => {
  await using place = await scratch();
  const tools = await testTools(place.dir);
  const { file } = await buildRpm(place.dir, { name: "hello" });
  const before = await readFile(file);
  const key = { ...(await testKey()), detach: () => Promise.reject(new Error("the key is away")) };
  const signing = signPackages([file], { key, at: new Date(AT), tools, dir: place.dir });
  await expect(signing).rejects.toThrow("rpmsign failed");
  expect(await readFile(file)).toEqual(before);
});
