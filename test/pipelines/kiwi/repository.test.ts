import { describe, expect, test } from "vitest";
import { Repositories, type Repository, repositoriesFor } from "../../../src/pipelines/kiwi/repository.ts";

const addresses = { url: "https://example.org/debian", key: "https://example.org/key" };
const rpm: Repository = addresses;
const told: Repository = { ...addresses, type: "rpm-md" };
const debian: Repository = { ...addresses, type: "apt-deb", distribution: "bookworm" };
const flat: Repository = { ...addresses, type: "apt-deb" };

describe("the repositories of a target", () => {
  test.each([
    ["apt", [debian, flat]],
    ["dnf", [rpm, told]],
    ["dnf4", [rpm, told]],
    ["dnf5", [rpm, told]],
    ["microdnf", [rpm, told]],
    ["zypper", [rpm, told]],
    ["pacman", []],
    ["toString", []],
  ])("%s reads those of its kind only", (name, read) => {
    expect(repositoriesFor({ name, at: "os.kiwi:1" }, [debian, rpm, flat, told])).toEqual(read);
  });

  test("where a description names none, it is dnf that reads them", () => {
    expect(repositoriesFor(undefined, [debian, rpm])).toEqual([rpm]);
  });
});

describe("what the operator says of a repository", () => {
  test("is its kind, its distribution and its components", () => {
    const all = [rpm, told, { ...debian, components: ["main", "non-free-firmware"] }, flat];
    expect(Repositories.parse(all)).toEqual(all);
  });

  test.each([
    ["no repository at all", []],
    ["a distribution of RPM packages", [{ ...addresses, distribution: "bookworm" }]],
    ["a kind that nobody knows", [{ ...addresses, type: "rpm-dir" }]],
    ["a word that would be two of kiwi's", [{ ...debian, distribution: "bookworm,true" }]],
    ["a component with a blank", [{ ...debian, components: ["main contrib"] }]],
    ["no components", [{ ...debian, components: [] }]],
  ])("is refused where it is %s", (_, all) => {
    expect(Repositories.safeParse(all).success).toBe(false);
  });

  test("needs a distribution that images of Debian packages begin with", () => {
    expect(Repositories.safeParse([rpm, flat]).error?.issues.map(({ message }) => message)).toEqual([
      "one of the repositories of type apt-deb needs a distribution",
    ]);
    expect(Repositories.safeParse([flat, debian]).success).toBe(true);
  });
});
