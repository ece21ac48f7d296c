import { describe, expect, test } from "vitest";
import { NIGHTLY, nightly, NUMBER, promote, PROMOTION, PUBLISH } from "./promotion-world.ts";
import { SHA, type World, X86 } from "./world.ts";

const PACKAGE = `greet-1.0-1.${NUMBER}.gaaaaaaa.x86_64.rpm`;
const KEY = `results/${NIGHTLY}/${X86}/1/${PACKAGE}`;

const check = (made: World) =>
  made.github.checks.findLast(({ sha, check }) => sha === SHA && check.name === "millwright:release")?.check;

describe("a channel whose way is content", () => {
  const rules = "from: nightly, way: content";

  test("gets the tested packages themselves: nothing is built, and they are offered by their digests", async () => {
    const made = await promote(await nightly(rules));
    const before = made.builder.orders.length;
    await made.dispatch("publish");
    expect(made.builder.orders.slice(before).map(({ pool }) => pool)).toEqual(["publish"]);
    const bytes = made.ports.blobs.all.get(`manifests/results/${PROMOTION}/${PUBLISH}/1/manifest`);
    const recorded = (await made.stage(NIGHTLY, X86)).files?.find(({ name }) => name === PACKAGE);
    expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({
      release: { number: NUMBER, from: "nightly" },
      targets: [{ packages: [{ name: PACKAGE, sha256: recorded?.sha256, url: `memory:${KEY}` }] }],
    });
    await made.report(PROMOTION);
    expect(check(made)?.summary).toContain("What is shipped are the tested packages themselves");
  });

  test("is refused what is not there any more as it was tested", async () => {
    const made = await nightly(rules);
    made.ports.blobs.all.delete(KEY);
    await promote(made);
    expect(check(made)).toMatchObject({ conclusion: "failure" });
    expect(check(made)?.summary).toContain("what was tested is not there any more as it was recorded");
  });
});

test("a channel that names its packages is refused others, by name", async () => {
  const made = await promote(await nightly("from: nightly, packages: [farewell]"));
  expect(check(made)?.summary).toContain("packages of these names may not come to `release`: `greet`");
});
