import { createHash } from "node:crypto";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { openBundle } from "../../src/publish/dsse.ts";
import { verifyDetached } from "../../src/publish/openpgp.ts";
import type { Outcome } from "../../src/publish/publish.ts";
import { dated, imageTown } from "./image-town.ts";

const [FIRST, SECOND, THIRD] = ["20261120_01", "20261121_02", "20261122_03"] as const;
const NAME = "os-Default.x86_64-1.2.3.qcow2";
const LATEST = "images/latest/os-Default.x86_64.qcow2";
const LIST = "os-Default.x86_64-1.2.3.packages";
const PACKAGES = `bash|(none)|5.2.37|1.1|x86_64|(none)|GPL-3.0-or-later
shadow|2|4.17|3|x86_64|(none)|BSD-3-Clause AND GPL-2.0-or-later
`;
const day = (text: string, packages = PACKAGES) => ({ [NAME]: text, [LIST]: packages });
const digest = (text: string) => createHash("sha256").update(text).digest("hex");

function told(outcome: Outcome) {
  if (outcome.kind === "refused") throw new Error(outcome.sentences.join(" "));
  return outcome.release;
}

test("an image comes under its number with digest, signature, packages, their list and where it comes from", async () => {
  await using town = await imageTown();
  const release = told(await town.release(FIRST, day("a disk\n")));
  const at = `${town.url}/images/${FIRST}/${NAME}`;
  expect(release?.images).toEqual([
    {
      name: "os-Default",
      arch: "x86_64",
      target: "leap-15.6",
      format: "qcow2",
      location: at,
      newest: `${town.url}/${LATEST}`,
      sha256: digest("a disk\n"),
      size: 7,
      checksum: `${at}.sha256`,
      signature: `${at}.sha256.asc`,
      packages: `${town.url}/images/${FIRST}/${LIST}`,
      sbom: `${at}.cdx.json`,
      attestation: `${at}.sigstore.json`,
    },
  ]);
  const path = `images/${FIRST}/${NAME}`;
  expect(await town.text(path)).toBe("a disk\n");
  const line = (await town.text(`${path}.sha256`)) ?? "";
  expect(line).toBe(`${digest("a disk\n")}  ${NAME}\n`);
  const certificate = town.key.certificate;
  await verifyDetached(certificate, Buffer.from(line), (await town.text(`${path}.sha256.asc`)) ?? "");
  const list = (await town.text(`${path}.cdx.json`)) ?? "";
  await verifyDetached(certificate, Buffer.from(list), (await town.text(`${path}.cdx.json.asc`)) ?? "");
  expect(JSON.parse(list)).toMatchObject({
    metadata: { component: { name: NAME, hashes: [{ alg: "SHA-256", content: digest("a disk\n") }] } },
    components: [
      {
        name: "bash",
        version: "5.2.37-1.1",
        purl: "pkg:rpm/leap/bash@5.2.37-1.1?arch=x86_64&distro=leap-15.6",
      },
      { name: "shadow", purl: "pkg:rpm/leap/shadow@4.17-3?arch=x86_64&distro=leap-15.6&epoch=2" },
    ],
  });
  const bundle = Buffer.from((await town.text(`${path}.sigstore.json`)) ?? "");
  expect(openBundle(town.attests.pem, bundle)).toMatchObject({
    subject: [{ name: NAME, digest: { sha256: digest("a disk\n") } }],
    predicate: { buildDefinition: { buildType: "urn:millwright:build:image:v1" } },
  });
});

test("Debian's packages are listed as such, with their versions as they are", async () => {
  await using town = await imageTown();
  const packages = "apt|None|2.6.2|None|amd64|None|None\nlogin|None|1:4.13-1|None|amd64|None|None\n";
  await town.release(FIRST, day("a root\n", packages));
  expect(JSON.parse((await town.text(`images/${FIRST}/${NAME}.cdx.json`)) ?? "")).toMatchObject({
    components: [
      { name: "apt", version: "2.6.2", purl: "pkg:deb/leap/apt@2.6.2?arch=amd64&distro=leap-15.6" },
      { name: "login", purl: "pkg:deb/leap/login@1:4.13-1?arch=amd64&distro=leap-15.6" },
    ],
  });
});

test("programs find an image in stream.json, by arch, name and format", async () => {
  await using town = await imageTown();
  await town.release(FIRST, day("a disk\n"));
  expect(JSON.parse((await town.text("stream.json")) ?? "")).toMatchObject({
    release: FIRST,
    architectures: {
      x86_64: {
        artifacts: {
          "os-Default": {
            release: FIRST,
            formats: {
              qcow2: {
                disk: {
                  location: `${town.url}/images/${FIRST}/${NAME}`,
                  newest: `${town.url}/${LATEST}`,
                  sha256: digest("a disk\n"),
                  size: 7,
                },
              },
            },
          },
        },
      },
    },
  });
});

test("no byte of an image passes the publisher but to be measured: the server copies it", async () => {
  await using town = await imageTown();
  const images = [...(await town.staged(day("a disk\n")))];
  town.asked();
  await town.run({ ...dated(FIRST), images });
  const asked = town.asked();
  const about = (path: string) => asked.filter((one) => one.endsWith(path)).map((one) => one.split(" ")[0]);
  expect(about(`results/1/1/build/image:os/leap/x86_64/1/${NAME}`)).toEqual(["GetObject"]);
  const copied = ["CreateMultipartUpload", "UploadPartCopy", "CompleteMultipartUpload"];
  expect(about(` images/${FIRST}/${NAME}`)).toEqual(["HeadObject", ...copied]);
  expect(about(` ${LATEST}`)).toEqual(["HeadObject", ...copied]);
});

test("done again, a publication writes nothing", async () => {
  await using town = await imageTown();
  const first = await town.release(FIRST, day("a disk\n"));
  town.asked();
  expect(await town.release(FIRST, day("a disk\n"))).toEqual(first);
  const staging = (one: string): boolean => one.includes(" results/");
  const written = town.asked().filter((one) => !/^(?:Get|Head)Object /.test(one) && !staging(one));
  // What is there already is asked for by trying to write it.
  expect(written.filter((one) => one.includes("Upload"))).toEqual([]);
});

test.each([{ sha256: "0".repeat(64) }, { size: 8 }, { size: 1 }])(
  "a file that is not the one in the record (%j) is refused before anything is written",
  async (change) => {
    await using town = await imageTown();
    const images = (await town.staged({ [NAME]: "a disk\n" })).map((one) => ({ ...one, ...change }));
    expect(await town.run({ ...dated(FIRST), images })).toEqual({
      kind: "refused",
      sentences: [`${NAME} of image:os:leap-x86_64:Default:oem is not the file in the record.`],
    });
    expect(await town.text(`images/${FIRST}/${NAME}`)).toBeUndefined();
    expect(await town.text("releases.json")).toBeUndefined();
  },
);

test("a file that was changed after it was measured is not published", async () => {
  await using town = await imageTown();
  const [image] = await town.staged({ [NAME]: "a disk\n" });
  if (!image) throw new Error("nothing is staged");
  const swapped = { ...image, from: { ...image.from, key: `${image.from.key}-other` } };
  await town.s3.send(new PutObjectCommand({ Bucket: town.bucket, Key: swapped.from.key, Body: "another" }));
  await expect(town.run({ ...dated(FIRST), images: [swapped] })).rejects.toThrow("pre-conditions");
  expect(await town.text(`images/${FIRST}/${NAME}`)).toBeUndefined();
});

test("the name that stays moves with a release, and back with a rollback that tells of the old address", async () => {
  await using town = await imageTown();
  await town.release(FIRST, day("a disk\n"));
  await town.release(SECOND, day("a broken disk\n"));
  expect(await town.text(LATEST)).toBe("a broken disk\n");
  const back = told(await town.release(THIRD, {}, { of: FIRST, asked: "rollback" }));
  expect(back).toMatchObject({
    "rollback-to": FIRST,
    images: [{ location: `${town.url}/images/${FIRST}/${NAME}`, sha256: digest("a disk\n") }],
  });
  expect(await town.text(LATEST)).toBe("a disk\n");
  const line = (await town.text(`${LATEST}.sha256`)) ?? "";
  expect(line).toBe(`${digest("a disk\n")}  os-Default.x86_64.qcow2\n`);
  await verifyDetached(
    town.key.certificate,
    Buffer.from(line),
    (await town.text(`${LATEST}.sha256.asc`)) ?? "",
  );
  // The release that was left stays where it is.
  expect(await town.text(`images/${SECOND}/${NAME}`)).toBe("a broken disk\n");
});

test("what comes late to an older release is added to it, and takes no name from the newer one", async () => {
  await using town = await imageTown();
  await town.release(FIRST, day("a disk\n"));
  await town.release(SECOND, day("a newer disk\n"));
  const late = told(await town.release(FIRST, { "os-Late.x86_64-1.2.3.iso": "late\n", ...day("a disk\n") }));
  expect(late?.images?.map(({ name }) => name)).toEqual(["os-Default", "os-Late"]);
  expect(await town.text(LATEST)).toBe("a newer disk\n");
  expect(await town.text("images/latest/os-Late.x86_64.iso")).toBeUndefined();
});

test("a release whose image is gone does not come back", async () => {
  await using town = await imageTown();
  await town.release(FIRST, day("a disk\n"));
  await town.release(SECOND, day("a newer disk\n"));
  const Key = `mirror/acme/images/${FIRST}/${NAME}`;
  await town.s3.send(new PutObjectCommand({ Bucket: town.bucket, Key, Body: "something else" }));
  expect(await town.release(THIRD, {}, { of: FIRST, asked: "rollback" })).toEqual({
    kind: "refused",
    sentences: [`images/${FIRST}/${NAME} is no longer on the mirror as it was.`],
  });
  expect(await town.text(LATEST)).toBe("a newer disk\n");
});

test("an image without a release is named by the publication itself", async () => {
  await using town = await imageTown();
  const images = [...(await town.staged(day("a disk\n")))];
  await town.run({ at: "2026-11-20T01:02:03Z", images });
  expect(await town.text(`images/20261120T010203Z/${NAME}`)).toBe("a disk\n");
  expect(await town.text(LATEST)).toBe("a disk\n");
});
