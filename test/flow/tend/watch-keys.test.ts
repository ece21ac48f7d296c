import { expect, test } from "vitest";
import { watchKeys } from "../../../src/flow/tend/watch-keys.ts";
import { KEY_ENDS } from "../../../src/pipelines/alarming.ts";
import { world } from "../world.ts";

const key = {
  name: "Acme",
  email: "os@acme.invalid",
  created: "2024-01-01T00:00:00Z",
  owner: "release team",
};

async function told(at: string) {
  const { deployment } = world().ports;
  const heard: unknown[] = [];
  await watchKeys({
    deployment: {
      ...deployment,
      key: { ...key, expires: "2027-05-20" },
      pullKey: key,
      attestationKey: { builder: "https://millwright.example", expires: "2027-08-01", purpose: "attests" },
    },
    clock: () => at,
    log: (message, facts) => heard.push([message, facts]),
  });
  return heard;
}

test("a key that ends within 180 days is spoken of, with who answers for it", async () => {
  expect(await told("2026-11-20T00:00:00.000Z")).toEqual([]);
  const first = [KEY_ENDS, { key: "key", expires: "2027-05-20", owner: "release team", purpose: undefined }];
  expect(await told("2026-11-22T00:00:00.000Z")).toEqual([first]);
  expect(await told("2027-03-01T00:00:00.000Z")).toEqual([
    first,
    [KEY_ENDS, { key: "attestationKey", expires: "2027-08-01", owner: undefined, purpose: "attests" }],
  ]);
});
