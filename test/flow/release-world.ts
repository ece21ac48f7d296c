import { type Review, reviewKey } from "../../src/bot/review/review.ts";
import { obey } from "../../src/flow/obey/obey.ts";
import { resultsPrefix } from "../../src/pipelines/stage.ts";
import { AT, repo, SHA, type World, world } from "./world.ts";

export const CONFIG =
  "channels: { nightly: { branch: main, nightly: '02:00' }, release: { from: nightly } }\n";
export const [FIRST, SECOND, THIRD, FOURTH] = ["01", "02", "03", "04"].map((n) => `20261121_${n}`) as [
  string,
  string,
  string,
  string,
];
let comments = 0;
export const says = (body: string, by = 12) =>
  ({
    kind: "commented",
    repo,
    number: 7,
    comment: (comments += 1),
    at: AT,
    by: { id: by, login: "octocat" },
    body,
  }) as const;

/** Says it, and gives the answer. */
export async function asked(town: World, body: string, by?: number): Promise<string> {
  await obey(town.ports, says(body, by));
  const review: Review | undefined = (await town.ports.reviews.read(reviewKey(1, 7)))?.value;
  return review?.answers.at(-1)?.said ?? "";
}

/** All stages of a run pass; its publications tell of this snapshot. */
export async function allPass(town: World, run: string, snapshot: number): Promise<void> {
  for (const { name, attempt, kind } of (await town.run(run)).stages) {
    const prefix = resultsPrefix({ run, stage: name, attempt });
    const targets = [{ target: "debian-12", snapshot: String(snapshot).padStart(6, "0"), packages: [] }];
    if (kind === "publish")
      await town.ports.blobs.put(`${prefix}published.json`, JSON.stringify({ targets }));
    const facts = { "repository for debian-12": "https://mirror.example/acme/os/c/os-c-debian-12.repo" };
    const told = { prefix, files: [], stage: name, attempt, at: town.ports.clock() };
    await town.move(run, { kind: "passed", ...told, ...(kind === "publish" && { facts }) });
  }
}

export async function night(town: World, number: string, snapshot: number): Promise<void> {
  const sha = String(snapshot).padStart(40, "0");
  town.github.branches.set("main", { sha, isProtected: true });
  await town.decide({ kind: "night-came", repo, channel: "nightly", night: number });
  await allPass(town, `1/nightly/nightly/${number}`, snapshot);
}

export async function promoted(town: World, number: string, snapshot: number): Promise<void> {
  await asked(town, `/promote ${number}`);
  await allPass(town, `1/promotion/release/${number}`, snapshot);
}

/** Two nightlies, and both were promoted. */
export async function released(): Promise<World> {
  const town = world();
  town.github.files.set(".millwright.yml", CONFIG);
  town.github.pulls.set(7, town.github.pullOf({ number: 7, sha: SHA }));
  await night(town, FIRST, 11);
  await promoted(town, FIRST, 1);
  await night(town, SECOND, 12);
  await promoted(town, SECOND, 2);
  return town;
}

/** The numbers that a channel has. */
export const releasesIn = (town: World, channel: string): readonly string[] =>
  [...town.ports.blobs.all.keys()]
    .filter((key) => key.startsWith(`releases/1/${channel}/`))
    .map((key) => key.slice(-"20261121_01.json".length, -".json".length));
