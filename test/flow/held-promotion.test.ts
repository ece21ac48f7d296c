import { describe, expect, test } from "vitest";
import { obey } from "../../src/flow/obey/obey.ts";
import { press } from "../../src/flow/obey/press.ts";
import { reviewKey } from "../../src/bot/review/review.ts";
import {
  build,
  contents,
  NIGHTLY,
  nightly,
  NUMBER,
  promote,
  PROMOTION,
  PUBLISH,
  sources,
} from "./promotion-world.ts";
import { AT, repo, SHA, SOURCE, type World, X86 } from "./world.ts";

const promoted = async () => promote(await nightly());

/** Its promotion was built too. */
async function shipped(digest: string, made?: World): Promise<World> {
  const there = made ?? (await promoted());
  await build(there, [PROMOTION, SOURCE], sources());
  await build(there, [PROMOTION, X86], {
    "greet-1.0-1.x86_64.rpm": "shipped",
    "contents.tsv": contents(digest),
  });
  return there;
}

const check = async (made: World) => {
  await made.report(PROMOTION);
  return made.github.checks.findLast(({ check }) => check.name === "millwright:release")?.check;
};
const LATER = "2026-11-21T12:00:00.000Z";
const says = (body: string, of: { at?: string; by?: number; comment?: number } = {}) =>
  ({
    kind: "commented",
    repo,
    number: 7,
    comment: of.comment ?? 1,
    at: of.at ?? LATER,
    by: { id: of.by ?? 12, login: "octocat" },
    body,
  }) as const;
const answered = async (made: World, to = 1): Promise<string> => {
  const review = await made.ports.reviews.read(reviewKey(1, 7));
  return review?.value.answers.find(({ comment }) => comment === to)?.said ?? "";
};
const pressed = (button: string, by = 12) =>
  ({
    kind: "button-pressed",
    repo,
    sha: SHA,
    externalId: `${PROMOTION}#`,
    button,
    by: { id: by, login: "octocat" },
  }) as const;

describe("a promotion that built what was tested", () => {
  test("is published without anybody being asked", async () => {
    const made = await shipped("aa");
    expect((await made.stage(PROMOTION, X86)).differs).toBeUndefined();
    expect((await made.stage(PROMOTION, PUBLISH)).state).toBe("ready");
    expect((await check(made))?.summary).toContain("only the release suffix is gone");
  });
});

describe("a promotion that built something else", () => {
  test("is held: its check asks a committer, with what differs and where all of it stands", async () => {
    const made = await shipped("bb");
    await made.dispatch("publish");
    expect((await made.stage(PROMOTION, PUBLISH)).state).toBe("waiting");
    const shown = await check(made);
    expect(shown).toMatchObject({
      status: "completed",
      conclusion: "action_required",
      buttons: [{ identifier: "accept" }, { identifier: "drop" }],
    });
    expect(shown?.summary).toContain("changed: file `/usr/bin/greet` of `greet-1.0-1.x86_64`");
    const key = `${PROMOTION}/${X86}/1.difference.txt`;
    expect(shown?.summary).toContain(`https://logs.example/${key}`);
    expect(new TextDecoder().decode(made.ports.logs.all.get(key))).toBe(
      `-${contents("aa").trimEnd()}\n+${contents("bb").trimEnd()}\n`,
    );
  });

  test("keeps nobody busy: the sweep wakes no pool for it", async () => {
    const made = await shipped("bb");
    await made.report(PROMOTION);
    made.ports.stages.sent.length = 0;
    await made.sweep();
    expect(made.ports.stages.sent).toEqual([]);
  });

  test.each([
    ["/accept", (made: World) => obey(made.ports, says(`/accept release ${NUMBER}`))],
    ["the button", (made: World) => press(made.ports, pressed("accept"), LATER)],
  ])("goes on by %s of a committer, and /why tells who let it", async (_, accept) => {
    const made = await shipped("bb");
    made.github.pulls.set(7, made.github.pullOf({ number: 7 }));
    await accept(made);
    expect((await made.stage(PROMOTION, X86)).differs?.accepted).toMatchObject({ by: "octocat" });
    expect((await made.stage(PROMOTION, PUBLISH)).state).toBe("ready");
    expect((await check(made))?.summary).toContain("`octocat` let that pass at 2026-11-21");
    await obey(made.ports, says(`/why release/${NUMBER}`, { comment: 2 }));
    expect(await answered(made, 2)).toMatch(
      /differs from what was tested \(1 difference\); `octocat` let that pass/,
    );
  });

  test("does not go on by anybody else, nor by what was said before", async () => {
    const made = await shipped("bb");
    made.github.pulls.set(7, made.github.pullOf({ number: 7 }));
    await press(made.ports, pressed("accept", 99), LATER);
    await obey(made.ports, says(`/accept release ${NUMBER}`, { by: 99 }));
    expect(await answered(made)).toContain("only committers may do this");
    await obey(made.ports, says(`/accept release ${NUMBER}`, { at: AT, comment: 2 }));
    expect(await answered(made, 2)).toContain("more came in after that was written");
    expect((await made.stage(PROMOTION, PUBLISH)).state).toBe("waiting");
  });

  test("is given up by /drop, and then there is nothing left to accept", async () => {
    const made = await shipped("bb");
    made.github.pulls.set(7, made.github.pullOf({ number: 7, isOpen: false }));
    await obey(made.ports, says(`/drop release ${NUMBER}`));
    expect(await made.stage(PROMOTION, PUBLISH)).toMatchObject({
      state: "cancelled",
      because: "Cancelled by octocat.",
    });
    await obey(made.ports, says(`/accept release ${NUMBER}`, { comment: 2 }));
    expect(await answered(made, 2)).toContain("does not wait for a committer");
  });

  test("is held too where the tested build did not list what is in its packages", async () => {
    const made = await shipped("aa", await promote(await nightly(undefined, {})));
    expect((await made.stage(PROMOTION, X86)).differs).toMatchObject({ unlisted: "tested" });
    expect((await check(made))?.summary).toContain("the tested build left no list of contents");
  });
});

test("a release has its lock when its builds are over, and hands it to whoever publishes", async () => {
  const made = await promoted();
  const text = (key: string) => new TextDecoder().decode(made.ports.blobs.all.get(key));
  const lock: unknown = JSON.parse(text(`locks/1/nightly/${NUMBER}.json`));
  expect(lock).toMatchObject({
    sha: SHA,
    recipes: [{ tool: "7".repeat(64), sources: [{ file: "greet.tar.gz", sha256: "1".repeat(64) }] }],
    jobs: [{ name: "rpm:greet:debian-12-x86_64", image: "debian" }],
  });
  const manifest = JSON.parse(text(`manifests/results/${NIGHTLY}/publish/nightly/1/manifest`)) as object;
  expect(manifest).toMatchObject({ lock });
});

describe("a promotion is built from the lock of what was tested", () => {
  test("in the same build root, whatever the deployment has by now", async () => {
    const made = await promoted();
    made.ports.deployment.targets["debian-12"] = { images: { x86_64: "debian:newer" }, arches: {} };
    await build(made, [PROMOTION, SOURCE], sources());
    await made.dispatch("build-trusted-x86_64");
    expect(made.builder.orders.at(-1)?.image).toBe("debian");
    expect((await made.stage(PROMOTION, X86)).image).toBe("debian");
  });

  test("and not at all where a source is another one: the check names it with both digests", async () => {
    const made = await promoted();
    await build(made, [PROMOTION, SOURCE], sources("2"));
    expect(await made.stage(PROMOTION, SOURCE)).toMatchObject({
      state: "failed",
      because: expect.stringContaining(
        `greet.tar.gz was sha256 ${"1".repeat(64)} and is sha256 ${"2".repeat(64)}`,
      ) as string,
    });
    expect((await made.stage(PROMOTION, X86)).state).toBe("skipped");
  });
});
