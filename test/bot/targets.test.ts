import { expect, test } from "vitest";
import { type Config, readConfig } from "../../src/bot/config.ts";
import { targetsOf } from "../../src/bot/targets.ts";
import type { Deployment } from "../../src/pipelines/deployment.ts";

const deployment: Deployment = {
  github: { api: "https://api.github.com", web: "https://github.com" },
  targets: {
    "leap-15.6": {
      images: { x86_64: "leap", aarch64: "leap" },
      arches: { x86_64: "required", aarch64: "advisory" },
    },
    "debian-12": { images: { x86_64: "debian" }, arches: { x86_64: "required" } },
  },
  defaults: ["leap-15.6"],
  hosts: {},
  key: { name: "n", email: "e@example.org", created: "2026-01-01T00:00:00Z" },
  timeoutMinutes: {},
};
const asked = (text: string) => targetsOf(readConfig(text) as Config, deployment);

test("who names no target gets the deployment's defaults", () => {
  expect(asked("")).toEqual({ targets: { "leap-15.6": { x86_64: "required", aarch64: "advisory" } } });
});

test("who names targets gets these and no others", () => {
  expect(asked("targets: { debian-12: [x86_64] }")).toEqual({
    targets: { "debian-12": { x86_64: "required" } },
  });
});

test.each([
  ["targets: { fedora: [x86_64] }", "Unknown target fedora", "`leap-15.6`, `debian-12`"],
  ["targets: { constructor: [x86_64] }", "Unknown target constructor", "`debian-12`"],
  ["targets: { debian-12: [s390x] }", "debian-12 is not built on s390x", "on `x86_64`."],
  ["targets: {}", "The config names no target", "Name a target"],
  ["targets: { debian-12: [] }", "The config names no target", "Name a target"],
  ["targets: { __proto__: [x86_64] }", "The config names no target", "Name a target"],
])("%s is refused, and what is known is told", (text, title, says) => {
  expect(asked(text)).toEqual({ refusal: { title, summary: expect.stringContaining(says) as string } });
});
