import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expand } from "../../../src/pipelines/kiwi/expand.ts";
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
    const some = { arch: "x86_64", profiles: ["Oci", "Live"] } as const;
    expect(expand(appliance, some)).toEqual([
      { profile: "Oci", type: "oci" },
      { profile: "Live", type: "iso" },
    ]);
    expect(expand(appliance, { ...some, types: ["oci"] })).toEqual([{ profile: "Oci", type: "oci" }]);
    expect(expand(appliance, { ...some, profiles: ["Nobody"] })).toEqual([]);
  });

  it("the rules may ask for a profile that only others require", () => {
    expect(expand(descriptionAt("roots.kiwi"), { arch: "x86_64", profiles: ["minimal"] })).toEqual([
      { profile: "minimal", type: "tbz" },
    ]);
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
