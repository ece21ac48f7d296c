import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seenFile } from "../../src/verify/seen-file.ts";
import { sentence } from "../../src/verify/finding.ts";
import { tellPeople } from "../../src/verify/tell.ts";
import { verify } from "../../src/verify/verify.ts";
import type { Question } from "../../src/verify/verify.ts";
import { imageTown } from "../publish/image-town.ts";

const [FIRST, SECOND] = ["20261120_01", "20261121_02"] as const;
const NAME = "os-Default.x86_64-1.2.3.qcow2";
const day = (text: string) => ({
  [NAME]: text,
  "os-Default.x86_64-1.2.3.packages": "bash|(none)|5.2|1|x86_64|(none)|GPL-3.0-or-later\n",
});

// A channel of images alone: two releases, and what is told of the newest.
let town: Awaited<ReturnType<typeof imageTown>>;
beforeAll(async () => {
  town = await imageTown();
  await town.release(FIRST, day("a disk\n"));
  await town.release(SECOND, day("another disk\n"));
});
afterAll(() => town[Symbol.asyncDispose]());

const look = (question: Partial<Question> = {}) =>
  verify(
    {
      net: { fetch, pause: async () => undefined, patience: 10_000 },
      tools: undefined,
      dir: "/nonexistent",
      seen: seenFile(undefined),
      now: Date.now,
    },
    { address: town.url, all: true, key: { fingerprint: town.key.fingerprint }, ...question },
  );

const at = (path: string) => ({ Bucket: town.bucket, Key: `mirror/acme/${path}` });
const bytesOf = async (path: string): Promise<Buffer> =>
  Buffer.from(
    (await (await town.s3.send(new GetObjectCommand(at(path)))).Body?.transformToByteArray()) ?? [],
  );
const put = (path: string, Body: Uint8Array) => town.s3.send(new PutObjectCommand({ ...at(path), Body }));

/** What is found while one object says something else. */
async function faultsWith(path: string, change: (bytes: Buffer) => Buffer): Promise<string> {
  const was = await bytesOf(path);
  await put(path, change(Buffer.from(was)));
  try {
    const { verdict, findings } = await look();
    expect(verdict).toBe("wrong");
    return findings.map((one) => `${one.rule} ${sentence(one)}`.replaceAll(`${town.url}/`, "")).join("\n");
  } finally {
    await put(path, was);
  }
}

const flipped = (bytes: Buffer): Buffer => {
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 2;
  return bytes;
};

const IMAGE = `images/${SECOND}/${NAME}`;
const KINDS = [
  ["releases.json", "signature"],
  ["releases.json.asc", /^(?:signature|form) /],
  ["stream.json", "signature"],
  ["stream.json.asc", /^(?:signature|form) /],
  ["releases.atom", "signature"],
  ["releases.ics", "signature"],
  [`releases/${SECOND}/release.json`, "signature"],
  [`releases/${SECOND}/release.json.asc`, /^(?:signature|form) /],
  [IMAGE, "content"],
  [`${IMAGE}.sha256`, "signature"],
  [`${IMAGE}.sha256.asc`, /^(?:signature|form) /],
  [`${IMAGE}.cdx.json`, "signature"],
  [`${IMAGE}.sigstore.json`, "attestation"],
  ["images/latest/os-Default.x86_64.qcow2", "content"],
  ["images/latest/os-Default.x86_64.qcow2.sha256", "signature"],
  ["ATTESTATION-KEY-millwright.pem", "signature"],
  ["ATTESTATION-KEY-millwright.pem.asc", /^(?:signature|form) /],
] as const;

test("a channel of images that nobody touched is good, and its image was read", async () => {
  const report = await look();
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({
    verdict: "good",
    told: [{ channel: town.url, release: SECOND, images: 1, read: 1 }],
  });
  expect(tellPeople(report)).toContain(
    `its release ${SECOND} as it is told; 1 of its 1 images were read whole.`,
  );
});

test.each(KINDS)("a flipped byte in %s is found and named", async (path, rule) => {
  const faults = await faultsWith(path, flipped);
  expect(faults).toMatch(rule);
  expect(faults).toContain(path.replace(/\.asc$/, ""));
});

test("all that a newest release shows of itself is known to these tests", async () => {
  const { Contents = [] } = await town.s3.send(
    new ListObjectsV2Command({ Bucket: town.bucket, Prefix: "mirror/acme/" }),
  );
  const paths = Contents.map(({ Key = "" }) => Key.slice("mirror/acme/".length));
  const others = paths.filter((path) => !KINDS.some(([known]) => known === path || `${known}.asc` === path));
  const old = (path: string) => path.includes(FIRST) || path.startsWith("signatures/");
  expect(others.filter((path) => !old(path))).toEqual([
    "RPM-GPG-KEY-millwright",
    `images/${SECOND}/os-Default.x86_64-1.2.3.packages`,
    `releases/${SECOND}/RPM-GPG-KEY-millwright`,
  ]);
});

test("a name that stays and leads to an older image, with all that belongs to it, is found", async () => {
  const name = "images/latest/os-Default.x86_64.qcow2";
  const files = ["", ".sha256", ".sha256.asc"];
  const was = await Promise.all(files.map((end) => bytesOf(`${name}${end}`)));
  await town.release("20261122_03", {}, { of: FIRST, asked: "rollback" });
  for (const [n, end] of files.entries()) await put(`${name}${end}`, was[n] ?? Buffer.of());
  const { verdict, findings } = await look();
  expect(verdict).toBe("wrong");
  expect(findings.map(({ rule, where }) => [rule, where])).toEqual([
    ["announcement", `${town.url}/${name}.sha256`],
  ]);
});
