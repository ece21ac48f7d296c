import { plan } from "../../../src/pipelines/plan.ts";

export const SHA = "a".repeat(40);
export const NUMBER = "20261121_01";
export const at = "2026-11-21T02:00:00.000Z";
export const repo = { id: 1, node: "R_1", owner: "acme", name: "os", installation: 2, private: false };
const recipe = { kind: "rpm", name: "greet", path: "greet.spec" } as const;

/** A nightly of one recipe on two arches, of which the second is advisory. */
export const nightly = plan({
  repo,
  trigger: { kind: "nightly", channel: "nightly", branch: "main", sha: SHA, number: NUMBER },
  zone: "trusted",
  channel: "nightly",
  at,
  leave: { rule: "nightly" },
  left: [],
  work: [
    { recipe, target: "debian-12", arch: "x86_64", tier: "required" },
    { recipe, target: "debian-12", arch: "aarch64", tier: "advisory" },
  ],
});
