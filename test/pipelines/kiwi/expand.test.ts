import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expand } from "../../../src/pipelines/kiwi/expand.ts";
import { readDescription } from "../../../src/pipelines/kiwi/description.ts";
import { descriptionAt, FIXTURES, goldenOf, jobsOf } from "./jobs.ts";

const descriptions = [
  ...readdirSync(FIXTURES).filter((name) => name.endsWith(".kiwi")),
  "workstation/config.xml",
].toSorted();

describe("a kiwi description becomes jobs", () => {
  it("there are descriptions of ten shapes and more", () => {
    expect(descriptions.length).toBeGreaterThanOrEqual(10);
  });

  it.each(descriptions)("%s becomes the jobs of its golden list", (path) => {
    const jobs = jobsOf(path);
    if (process.env["MILLWRIGHT_GOLDEN"] === "write") writeFileSync(goldenOf(path), jobs);
    expect(jobs).toBe(readFileSync(goldenOf(path), "utf8"));
  });

  it("the rules leave some profiles and types of it", () => {
    const appliance = descriptionAt("appliance.kiwi");
    const manager = { name: "dnf", line: 10 };
    const some = { arch: "x86_64", profiles: ["Oci", "Live"] } as const;
    expect(expand(appliance, some)).toEqual([
      { profile: "Oci", type: "oci", manager },
      { profile: "Live", type: "iso", manager },
    ]);
    expect(expand(appliance, { ...some, types: ["oci"] })).toEqual([
      { profile: "Oci", type: "oci", manager },
    ]);
    expect(expand(appliance, { ...some, profiles: ["Nobody"] })).toEqual([]);
  });

  it("the rules may ask for a profile that only others require", () => {
    expect(expand(descriptionAt("roots.kiwi"), { arch: "x86_64", profiles: ["minimal"] })).toEqual([
      { profile: "minimal", type: "tbz", manager: { name: "dnf", line: 9 } },
    ]);
  });

  it("the package manager is the first that counts for the profile and the arch", () => {
    const text = `<image schemaversion="7.5" name="os">
<profiles><profile name="Deb"/><profile name="Rpm"/></profiles>
<preferences arch="aarch64"><packagemanager>zypper</packagemanager></preferences>
<preferences profiles="Deb"><packagemanager> apt </packagemanager><type image="tbz"/></preferences>
<preferences profiles="Rpm"><type image="oci"/></preferences>
<preferences><packagemanager>dnf</packagemanager></preferences>
</image>`;
    const description = readDescription(text);
    if ("sentence" in description) throw new Error(description.sentence);
    expect(expand(description, { arch: "x86_64" })).toEqual([
      { profile: "Deb", type: "tbz", manager: { name: "apt", line: 4 } },
      { profile: "Rpm", type: "oci", manager: { name: "dnf", line: 6 } },
    ]);
    expect(expand(description, { arch: "aarch64", profiles: ["Deb"] })).toEqual([
      { profile: "Deb", type: "tbz", manager: { name: "zypper", line: 3 } },
    ]);
    expect(readDescription(text.replace(" apt ", "a\npt"))).toEqual({
      line: 4,
      sentence: "A <packagemanager> has the name of one: apt, dnf or zypper.",
    });
  });

  it("a required profile that an arch lacks is told with its line", () => {
    const micro = descriptionAt("micro.kiwi");
    const rt = micro.profiles.find(({ name }) => name === "RT");
    const profiles = micro.profiles.filter(({ name }) => name !== "Base");
    expect(expand({ ...micro, profiles }, { arch: "x86_64", profiles: ["RT"] })).toEqual({
      line: rt?.requires[0]?.line,
      sentence: 'The profile "Base" is required, and x86_64 has none of this name.',
    });
  });
});
