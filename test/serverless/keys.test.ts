import { expect, test } from "vitest";
import { decided } from "../../serverless/deployment.ts";
import { keysOf } from "../../serverless/keys.ts";

const deployment = decided();
const turn = { shippedFrom: "2026-07-01", from: "2026-10-01" };

test("a deployment begins with three keys, each for one role and one algorithm", () => {
  expect(keysOf(deployment).map(({ id, role, spec }) => [id, role, spec])).toEqual([
    ["SigningKey", "PublishRole", "RSA_4096"],
    ["PullSigningKey", "PublishPullRole", "RSA_4096"],
    ["AttestationKey", "PublishRole", "ECC_NIST_P256"],
  ]);
});

test("a key that the calendar names is made beside the one that it follows, for the same role and algorithm", () => {
  const next = { ...deployment.key, alias: "signing-2027", next: undefined, ...turn };
  const attests = { builder: "https://millwright.example", next: { alias: "attests-2027", ...turn } };
  const keys = keysOf({ ...deployment, key: { ...deployment.key, next }, attestationKey: attests });
  expect(keys.map(({ id, alias, role, spec }) => [id, alias, role, spec])).toEqual([
    ["SigningKey", "signing", "PublishRole", "RSA_4096"],
    ["Signing2027Key", "signing-2027", "PublishRole", "RSA_4096"],
    ["PullSigningKey", "pull-signing", "PublishPullRole", "RSA_4096"],
    ["AttestationKey", "attestation", "PublishRole", "ECC_NIST_P256"],
    ["Attests2027Key", "attests-2027", "PublishRole", "ECC_NIST_P256"],
  ]);
});

test("a key that has taken the place of the first one keeps its name, and the first one stays", () => {
  const keys = keysOf({ ...deployment, key: { ...deployment.key, alias: "signing-2027" } });
  expect(keys.map(({ alias }) => alias)).toContain("signing-2027");
  expect(keys.map(({ alias }) => alias)).toContain("signing");
});
