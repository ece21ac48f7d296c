import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { secondaryLimit } from "../../src/local/github/faults.ts";
import type { PlantedFault } from "../../src/local/json-protocol.ts";
import { checksAt } from "./checks.ts";
import { leaks } from "./leaks.ts";
import { closed, play, until } from "./story.ts";
import { openTheatre, type Theatre } from "./theatre.ts";
import { wrongs } from "./verify.ts";
import { foundVillage, SPEC, type Village } from "./village.ts";

// Trouble in AWS and at GitHub. Each project of CodeBuild has one slot; only the builds are rehearsed.
let theatre: Theatre;
let loses: (event: unknown) => boolean = () => false;
let codebuild: (operation: string) => PlantedFault | undefined = () => undefined;

beforeAll(async () => {
  theatre = await openTheatre({
    slots: 1,
    // Longer than a step takes on a busy machine: what fails comes back, but never beside its own first try.
    hidden: { ReportsQueue: 15, StagesQueue: 15 },
    sweepSeconds: 3,
    faults: { loses: (event) => loses(event), codebuild: (operation) => codebuild(operation) },
  });
});

beforeEach(() => {
  loses = () => false;
  codebuild = () => undefined;
});

afterAll(async () => {
  const [found, dead] = [await leaks(theatre), await theatre.state.deadLetters()];
  await theatre.close();
  expect(found).toEqual([]);
  expect(dead).toBe(0);
});

async function endsRight(village: Village): Promise<void> {
  expect(await wrongs(theatre, village, await play(theatre, village))).toEqual([]);
}

/** So many calls of StartBuild meet this; tells how many have. */
function plant(times: number, fault: PlantedFault): () => number {
  let met = 0;
  codebuild = (operation) => {
    if (operation !== "StartBuild" || met === times) return undefined;
    met += 1;
    return fault;
  };
  return () => met;
}

describe("the story ends right, with one build per attempt and nothing doubled", () => {
  test("though EventBridge loses every event", async () => {
    let lost = 0;
    loses = () => (lost += 1) > 0;
    await endsRight(await foundVillage(theatre.github, { owner: "eventless" }));
    expect(lost).toBeGreaterThan(10);
  });

  test("though CodeBuild throttles StartBuild for longer than the SDK is patient", async () => {
    const met = plant(6, { when: "before", code: "ThrottlingException", message: "Rate exceeded" });
    await endsRight(await foundVillage(theatre.github, { owner: "throttled" }));
    expect(met()).toBe(6);
    expect(
      theatre.said.some((line) => line.startsWith("start ") && line.includes('"answer":"throttled"')),
    ).toBe(true);
  });

  test("though CodeBuild starts builds and does not say so", async () => {
    const met = plant(5, { when: "after", code: "InternalFailure", message: "lost on the way" });
    await endsRight(await foundVillage(theatre.github, { owner: "unanswered" }));
    expect(met()).toBe(5);
  });

  test("though GitHub answers 502 when checks are created", async () => {
    theatre.github.admin.fault({ op: "graphql", times: 2, status: 502, message: "Server Error" });
    await endsRight(await foundVillage(theatre.github, { owner: "bad-gateway" }));
  });

  test("though GitHub's secondary rate limit stops checks from being written", async () => {
    theatre.github.admin.fault(secondaryLimit("graphql", 1, 1));
    theatre.github.admin.fault(secondaryLimit("graphql", 2, 1));
    await endsRight(await foundVillage(theatre.github, { owner: "rate-limited" }));
    theatre.github.admin.clearFaults();
  });
});

describe("two pull requests that want the only slot", () => {
  test("are built one after the other, and the second waits as queued", async () => {
    const villages = await Promise.all(
      ["first", "second"].map((owner) => foundVillage(theatre.github, { owner: `slot-${owner}` })),
    );
    const slow = { "slow.spec": SPEC.replace("greet", "slow") };
    const opened = await Promise.all(villages.map((village) => propose(village, slow)));
    await until("a start without a slot", async () =>
      theatre.said.some(
        (line) => line.includes('"stage":"build/slow') && line.includes('"answer":"no-slot"'),
      ),
    );
    const building = () => [...theatre.builds.of("")].filter(([attempt]) => attempt.includes("#build/slow"));
    expect(building()).toHaveLength(1);
    const waiting = opened.find(({ run }) => !building()[0]?.[0].startsWith(run));
    const checks = waiting && (await checksAt(waiting.village, waiting.sha));
    expect(checks?.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "millwright in_progress",
      "rpm:slow:debian-12-x86_64 queued",
    ]);
    // The one that builds is closed, so that nobody has to wait for it.
    const running = opened.find((one) => one !== waiting);
    await running?.close();
    await until("the second build", async () => building().length === 2);
    await waiting?.close();
    for (const { run } of opened) await closed(theatre, run);
    expect(building().map(([, made]) => [...made.values()])).toEqual([["STOPPED"], ["STOPPED"]]);
  });
});

async function propose(village: Village, files: Readonly<Record<string, string>>) {
  const sha = await village.commit("topic", files);
  const number = await village.open("topic");
  return { village, sha, run: `${village.id}/pull/${number}/${sha}`, close: () => village.close(number) };
}
