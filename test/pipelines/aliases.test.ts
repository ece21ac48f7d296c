import { describe, expect, test } from "vitest";
import { aliasesOn, aliasMistakes, type Declared } from "../../src/pipelines/aliases.ts";
import { Deployment } from "../../src/pipelines/deployment.ts";

const leap = (version: string, supportUntil?: string) => ({
  family: "opensuse-leap",
  version,
  ...(supportUntil !== undefined && { supportUntil }),
});

const declared: Declared = {
  targets: {
    "opensuse-leap-15.6": leap("15.6", "2026-04-30"),
    "opensuse-leap-15.10": leap("15.10", "2027-04-30"),
    "opensuse-leap-15.9": leap("15.9", "2028-04-30"),
    "fedora-43": { family: "fedora", version: "43", supportUntil: "2026-12-02" },
    "debian-12": {},
  },
  defaults: ["opensuse-leap-latest"],
  aliases: {
    "opensuse-leap-latest": { newest: "opensuse-leap" },
    "fedora-latest": { newest: "fedora" },
    stable: "debian-12",
  },
};

describe("an alias", () => {
  test("follows the newest release of its family, as rpm compares versions, until the last day of its support", () => {
    const leapOn = (day: string) => aliasesOn(declared, day)["opensuse-leap-latest"];
    expect(leapOn("2026-11-22T10:00:00.000Z")).toBe("opensuse-leap-15.10");
    expect(leapOn("2027-04-30T23:59:59.999Z")).toBe("opensuse-leap-15.10");
    expect(leapOn("2027-05-01T00:00:00.000Z")).toBe("opensuse-leap-15.9");
    expect(leapOn("2028-05-01T00:00:00.000Z")).toBeUndefined();
  });

  test("of one target stands for it on every day", () => {
    expect(aliasesOn(declared, "2099-01-01")).toEqual({ stable: "debian-12" });
  });
});

test.each([
  [{ aliases: { "debian-12": "fedora-43" }, defaults: [] }, "debian-12 is a target already"],
  [{ aliases: { x: "fedora-44" }, defaults: [] }, "fedora-44 is no target"],
  [{ aliases: { x: { newest: "suse" } }, defaults: [] }, "no target is of suse"],
  [{ defaults: ["debian-13"] }, "debian-13 is neither target nor alias"],
  [{ targets: { "fedora-43": { family: "fedora" } }, aliases: {}, defaults: [] }, "has only one of family"],
])("a deployment with %j is refused", (wrong, because) => {
  expect(aliasMistakes({ ...declared, ...wrong }).map(([, message]) => message)).toEqual([
    expect.stringContaining(because),
  ]);
});

test("a deployment is parsed with its aliases, and not with one that stands for nothing", () => {
  const text = (alias: unknown) => ({
    github: { api: "https://api.github.com", web: "https://github.com" },
    targets: { "debian-12": { images: { x86_64: "d" }, arches: { x86_64: "required" } } },
    defaults: ["latest"],
    aliases: { latest: alias },
    hosts: {},
    key: { name: "n", email: "e@example.org", created: "2026-01-01T00:00:00Z" },
    timeoutMinutes: {},
  });
  expect(Deployment.parse(text("debian-12")).aliases).toEqual({ latest: "debian-12" });
  expect(() => Deployment.parse(text("debian-13"))).toThrow("debian-13 is no target");
});
