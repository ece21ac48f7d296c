import { describe, expect, test } from "vitest";
import { expiredKey, publishKeys } from "../../../src/flow/dispatch/publish-keys.ts";
import { PlannedKey } from "../../../src/pipelines/release/key-calendar.ts";
import { Manifest } from "../../../src/publish/manifest.ts";
import { laid } from "../../pipelines/laid.ts";
import { manifestOf } from "../../publish/kit.ts";
import { world } from "../world.ts";

const first = {
  name: "Acme",
  email: "os@acme.invalid",
  created: "2024-01-01T00:00:00Z",
  expires: "2026-12-31",
};
const next = {
  ...first,
  alias: "signing-2026",
  created: "2026-06-01T00:00:00Z",
  expires: "2030-12-31",
  shippedFrom: "2026-07-01",
  from: "2026-10-01",
};
const BUILDER = "https://millwright.example/builders";

/** A publication of a run that began then, in this pool. */
function waitingAt(at: string, pool: "publish" | "publish-pull") {
  const run = laid({
    repo: { id: 1, node: "R_1", owner: "acme", name: "os", installation: 2, private: false },
    trigger: { kind: "push", branch: "main", sha: "a".repeat(40) },
    zone: "trusted",
    channel: "devel",
    at,
    recipes: [{ kind: "rpm", name: "greet", path: "greet.spec" }],
    targets: { "debian-12": { x86_64: "required" } },
  });
  const stages = run.stages.map((stage) => ({ ...stage, state: "passed", pool }) as const);
  const stage = stages.find(({ kind }) => kind === "publish");
  if (!stage) throw new Error("nothing is published");
  return { waiting: { run: { ...run, stages }, stage } };
}

const OTHERS = {
  signingKey: "arn:first",
  pullSigningKey: "arn:pull",
  attestationKey: "arn:attests",
  keyAlias: (name: string) => `alias/millwright-${name}`,
};

/** The keys of such a publication. */
function keysAt(at: string, pool: "publish" | "publish-pull" = "publish") {
  const { deployment } = world().ports;
  const ports = {
    deployment: {
      ...deployment,
      key: PlannedKey.parse({ ...first, next }),
      pullKey: { ...first, owner: "nobody" },
      attestationKey: { builder: BUILDER, next: { alias: "attests-2026", ...days } },
    },
    ...OTHERS,
  };
  return publishKeys(ports, waitingAt(at, pool).waiting, []);
}
const days = { shippedFrom: "2026-07-01", from: "2026-10-01" };

const EARLY = "2026-06-30T00:00:00.000Z";
const SHIPPED = "2026-08-01T00:00:00.000Z";
const LATE = "2026-10-01T00:00:00.000Z";

test("a publication signs with the key of its run's time, and gives clients the other one too", () => {
  const [old, young] = ["arn:first", "alias/millwright-signing-2026"];
  const told = [EARLY, SHIPPED, LATE].map((at) => {
    const keys = keysAt(at);
    return [keys?.key.id, ...(keys?.ships ?? []).map(({ id }) => id)];
  });
  expect(told).toEqual([[old], [old, young], [young, old]]);
});

test("the key for attestations has a calendar of its own", () => {
  const told = [EARLY, SHIPPED, LATE].map((at) => {
    const keys = keysAt(at);
    const attestation = keys && "attestation" in keys ? keys.attestation : undefined;
    return [attestation?.key.id, ...(attestation?.ships ?? []).map(({ id }) => id)];
  });
  const young = "alias/millwright-attests-2026";
  expect(told).toEqual([["arn:attests"], ["arn:attests", young], [young, "arn:attests"]]);
});

test("what pull requests publish is signed by their key, and nobody says where it comes from", () => {
  const { name, email, created, expires } = first;
  expect(keysAt(LATE, "publish-pull")).toEqual({ key: { id: "arn:pull", name, email, created, expires } });
});

describe("a key whose last day is over", () => {
  const { deployment } = world().ports;
  const ended = (expires: string, now: string, pool: "publish" | "publish-pull" = "publish") => {
    const { waiting } = waitingAt(SHIPPED, pool);
    const plan = { ...deployment.key, owner: "Maria", expires };
    const keys = { key: plan, pullKey: { ...plan, owner: "Carol" }, attestationKey: undefined };
    const ports = { ...OTHERS, deployment: { ...deployment, ...keys }, clock: () => now };
    return expiredKey(ports, waiting)?.owner;
  };

  test("signs nothing, in any pool, and is good until that day ends", () => {
    expect(ended("2026-08-05", "2026-08-05T23:59:59.000Z")).toBeUndefined();
    expect(ended("2026-08-05", "2026-08-06T00:00:00.000Z")).toBe("Maria");
    expect(ended("2026-08-05", "2026-08-06T00:00:00.000Z", "publish-pull")).toBe("Carol");
  });

  test("neither says where packages come from", () => {
    const { waiting } = waitingAt(SHIPPED, "publish");
    const attestationKey = { builder: BUILDER, expires: "2026-08-05", owner: "Sam" };
    const clock = () => "2026-09-01T00:00:00.000Z";
    const ports = { ...OTHERS, deployment: { ...deployment, attestationKey }, clock };
    expect(expiredKey(ports, waiting)?.owner).toBe("Sam");
  });
});

test("the publish stage understands what it is told of keys", () => {
  for (const at of [EARLY, LATE]) {
    const { key: _, ...manifest } = manifestOf("https://mirror.example", []);
    const told = Manifest.parse(JSON.parse(JSON.stringify({ ...manifest, ...keysAt(at) })));
    expect(Object.values(told.attestation?.builds ?? {})).toMatchObject([
      { "rpm:greet:debian-12-x86_64": { runDetails: { builder: { id: expect.stringContaining(BUILDER) } } } },
    ]);
  }
});
