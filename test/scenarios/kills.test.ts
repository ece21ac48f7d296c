import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Conductor, type Kill, type Score, startConductor } from "./conductor.ts";
import { play, until } from "./story.ts";
import { openTheatre, type Theatre } from "./theatre.ts";
import { wrongs } from "./verify.ts";
import { foundVillage } from "./village.ts";

// The story in which a pull request is built, then merged and published, once for every two effects, with the process
// that was about to have (or just had) each of them killed by SIGKILL: one in the pull request's run and one in that of
// the merge. Doors, queues, schedules, S3, CodeBuild and GitHub are those of every start on one machine; only the
// builds are rehearsed. Every effect: MILLWRIGHT_KILLS=all; else every ninth (MILLWRIGHT_KILLS=9), always the same.
const KILLS = process.env["MILLWRIGHT_KILLS"] ?? "9";
const SHARE = KILLS === "all" ? 1 : Number(KILLS);
const AT_ONCE = 5;
const REHEARSALS = 2;

const DOORS = ["receive-webhook", "decide-event", "dispatch-stage", "track-build", "report-run", "sweep"];

let conductor: Conductor;
let theatre: Theatre;
const rehearsals: Score[] = [];
let count = 0;

/** Of the ten phases of a build one is told, since each is heard alike. */
const isOtherPhase = (event: unknown) => /"completed-phase":"(?!BUILD")/.test(JSON.stringify(event));

async function tell(kills: readonly Kill[]): Promise<{ score: Score; wrong: readonly string[] }> {
  count += 1;
  const owner = `story-${count}`;
  const village = await foundVillage(theatre.github, { owner });
  const score = conductor.follow({ repository: village.id, owner, kills });
  try {
    const wrong = await wrongs(theatre, village, await play(theatre, village));
    return { score, wrong };
  } catch (error) {
    return { score, wrong: [String(error)] };
  }
}

beforeAll(async () => {
  conductor = await startConductor();
  const doors = () => fileURLToPath(new URL("crashing-door.ts", import.meta.url));
  // Longer than any step takes on a busy machine: nothing may be handed out again while it is being worked on.
  const hidden = { EventsQueue: 12, StagesQueue: 12, BuildsQueue: 12, ReportsQueue: 12 };
  // Stories share batches: a message may see deaths that are meant for the others.
  const receives = 30;
  const faults = { loses: isOtherPhase };
  theatre = await openTheatre({ doors, conductor: conductor.url, hidden, receives, faults });
  for (let i = 0; i < REHEARSALS; i++) {
    const { score, wrong } = await tell([]);
    expect(wrong).toEqual([]);
    rehearsals.push(score);
  }
});

afterAll(async () => {
  await theatre.close();
  await conductor.close();
});

/** Effects that every telling of the story has, in an order that has nothing to do with the story's. */
function effects(): readonly string[] {
  const [first, ...others] = rehearsals.map(({ heard }) => [...heard.keys()]);
  const mix = (name: string) => createHash("sha256").update(name).digest("hex");
  return (first ?? [])
    .filter((name) => others.every((other) => other.includes(name)))
    .toSorted((a, b) => (mix(a) < mix(b) ? -1 : 1));
}

const isOfTheMerge = ({ effect }: Kill) => / push|push\/main|push!main|-trusted|publish/.test(effect);

/** One story for each two deaths. */
function plans(): Kill[][] {
  const kills = effects()
    .flatMap((effect) => (["die before", "die after"] as const).map((when) => ({ effect, when })))
    .filter((_, index) => index % SHARE === 0);
  const { late = [], early = [] } = Object.groupBy(kills, (kill) => (isOfTheMerge(kill) ? "late" : "early"));
  const longer = early.length > late.length ? early : late;
  return longer.map((_, i) => [early[i], late[i]].filter((kill) => kill !== undefined));
}

describe("kill -9 of a door's process", () => {
  test("every door has effects in the story; those of the sweep come by the clock, so not in every telling", () => {
    const doors = new Set(effects().map((name) => name.split(" ")[0]));
    expect([...doors, "sweep"]).toEqual(expect.arrayContaining(DOORS));
  });

  test(
    "at every effect, before it and after it: the story ends right, with one build per attempt",
    { timeout: 3_600_000 },
    async () => {
      const left = plans();
      const planned = left.flat().length;
      const failures: unknown[] = [];
      let died = 0;
      const player = async () => {
        for (let kills = left.shift(); kills; kills = left.shift()) {
          const { score, wrong } = await tell(kills);
          died += score.died.size;
          if (wrong.length > 0) failures.push({ owner: score.owner, kills, wrong });
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, player));
      await theatre.stack.host.idle();
      const { state, said } = theatre;
      process.stdout.write(
        `${died} of ${planned} planned deaths at ${effects().length} effects, in ${count} stories\n`,
      );
      expect(failures).toEqual([]);
      // Chance decides which door is first to write down what two of them hear.
      expect(died).toBeGreaterThan(planned * 0.8);
      expect(said.filter((line) => /died.*SIGKILL/.test(line)).length).toBeGreaterThan(0);
      // A message may meet more deaths than its queue forgives. The story has ended all the same; given back, it does no harm.
      for (const queue of ["EventsQueue", "StagesQueue", "BuildsQueue", "ReportsQueue"])
        await theatre.stack.host.redrive(queue);
      await theatre.stack.host.idle();
      expect(await state.deadLetters()).toBe(0);
      // The sweep takes away the markers of what is closed.
      await until("no open run", async () => (await state.keys("StateBucket", "open/")).length === 0);
      const [heard, judged] = [
        await state.keys("StateBucket", "deliveries/"),
        await state.keys("StateBucket", "verdicts/"),
      ];
      expect(judged.map((key) => key.split("/")[1])).toEqual(heard.map((key) => key.split("/")[1]));
    },
  );
});
