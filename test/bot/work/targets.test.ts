import { describe, expect, test } from "vitest";
import { type Config, readConfig } from "../../../src/bot/config/config.ts";
import { recipesOf } from "../../../src/bot/config/recipes.ts";
import { targetsOf, workOf } from "../../../src/bot/work/targets.ts";
import { jobName } from "../../../src/pipelines/plan.ts";
import type { Deployment } from "../../../src/pipelines/deployment.ts";

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

test("an alias and the target that it stands for are one target, whose own arches have the last word", () => {
  const aliases = { "leap-latest": "leap-15.6" } as const;
  const config = readConfig(
    "targets: { leap-15.6: { x86_64: advisory }, leap-latest: [x86_64, aarch64] }",
    { ...deployment, aliases },
    "2026-11-21",
  );
  expect(targetsOf(config as Config, deployment)).toEqual({
    targets: { "leap-15.6": { x86_64: "advisory", aarch64: "required" } },
  });
});

test.each([
  ["targets: {}", "The config names no target", "Name a target"],
  ["targets: { debian-12: [] }", "The config names no target", "Name a target"],
])("%s is refused, and what is known is told", (text, title, says) => {
  expect(asked(text)).toEqual({ refusal: { title, summary: expect.stringContaining(says) as string } });
});

describe("what is to be built", () => {
  const work = (text: string) => {
    const config = readConfig(text, deployment) as Config;
    const { recipes } = recipesOf(config, ["a.spec", "b/b.spec", "c/c.spec"]);
    const wanted = targetsOf(config, deployment);
    if ("refusal" in wanted) throw new Error(wanted.refusal.title);
    const images = { described: new Map(), targets: deployment.targets };
    return workOf({ config, recipes, targets: wanted.targets, images }).map(
      (one) => `${jobName(one)} ${one.tier} ${one.timeoutMinutes ?? "-"}`,
    );
  };

  test("is every recipe for every target on every arch", () => {
    expect(work("targets: { leap-15.6: [aarch64, x86_64], debian-12: [x86_64] }").slice(0, 4)).toEqual([
      "rpm:a:leap-15.6-x86_64 required -",
      "rpm:a:leap-15.6-aarch64 required -",
      "rpm:a:debian-12-x86_64 required -",
      "rpm:b:leap-15.6-x86_64 required -",
    ]);
  });

  test("is bound to the newest toolchain that its recipe lets pass, where it is a package", () => {
    const packages = { x86_64: [{ url: "https://tools.example/go.rpm", sha256: "0".repeat(64) }] };
    const toolchains = {
      go: [
        { version: "1.21", packages },
        { version: "1.22", packages },
      ],
    };
    const having = { ...deployment, targets: { d: { images: { x86_64: "d" }, arches: {}, toolchains } } };
    const config = readConfig("targets: { d: [x86_64] }\nrecipes: { a: { toolchain: { go: '>=1.21' } } }");
    const { recipes } = recipesOf(config as Config, ["a.spec", "b.spec"]);
    const images = { described: new Map(), targets: having.targets };
    const targets = { d: { x86_64: "required" } } as const;
    const made = workOf({ config: config as Config, recipes, targets, images });
    expect(made.map(({ tools }) => tools?.map(({ version }) => version))).toEqual([["1.22"], undefined]);
  });

  test("is what the rules of recipes leave of it, the urgent first, with the time that they give", () => {
    const text = `
targets: { leap-15.6: { x86_64: required, aarch64: advisory }, debian-12: [x86_64] }
timeouts: { aarch64: 90 }
recipes:
  a: { priority: low, targets: [leap-15.6] }
  b: { skip: true }
  c: { arches: [aarch64, x86_64], targets: [debian-12], timeoutMinutes: 5 }
`;
    expect(work(text)).toEqual([
      "rpm:c:debian-12-x86_64 required 5",
      "rpm:a:leap-15.6-x86_64 required -",
      "rpm:a:leap-15.6-aarch64 advisory 90",
    ]);
  });
});
