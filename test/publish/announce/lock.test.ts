import { expect, test } from "vitest";
import { announce } from "../../../src/publish/announce/announce.ts";
import { signatureKey } from "../../../src/publish/announce/settle.ts";
import { verifyDetached } from "../../../src/publish/openpgp.ts";
import { key, memoryMirror, release } from "./kit.ts";

const NUMBER = "20261120_01";
const lock = {
  v: 1,
  repo: { id: 1, owner: "acme", name: "os" },
  channel: "release",
  number: NUMBER,
  branch: "main",
  sha: "a".repeat(40),
  recipes: [],
  jobs: [],
} as const;

test("what went into a release lies beside it, signed, and grows when an arch comes late", async () => {
  const { mirror, all, text } = memoryMirror();
  const { manifest, brought } = release(NUMBER, { greet: "1.0-1" });
  const path = `releases/${NUMBER}/lock.json`;
  const late = {
    name: "rpm:greet:leap-15.6-aarch64",
    recipe: "greet.spec",
    target: "leap-15.6",
    arch: "aarch64",
  };
  for (const jobs of [[], [late]]) {
    await announce({ mirror, key, manifest: { ...manifest, lock: { ...lock, jobs } } }, brought);
    expect(JSON.parse(text(path))).toEqual({ ...lock, jobs });
    const bytes = all.get(path) ?? new Uint8Array();
    await verifyDetached(key.certificate, bytes, text(signatureKey(bytes)));
  }
});
