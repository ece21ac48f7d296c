import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { House } from "./golden/cast.ts";
import { playScript } from "./golden/play.ts";
import { startPostman } from "./golden/postman.ts";
import { startPrompter } from "./golden/prompter.ts";
import { readScript } from "./golden/script.ts";
import { leaks } from "./leaks.ts";
import { openTheatre } from "./theatre.ts";

// Each folder holds what people do and what builds do (`scenario.yaml`), and what must come of it (`expected.yaml`).
// All that can be seen is compared: the ledger, the records, checks and comments with every word, and what was asked of
// GitHub. MILLWRIGHT_GOLDEN=write writes the expectations anew: read what changed.
const FOLDER = new URL("../fixtures/scenarios/", import.meta.url);
const fileOf = (name: string, file: string) => new URL(`${name}/${file}`, FOLDER);
const scripts = readdirSync(FOLDER)
  .toSorted()
  .map((name) => ({
    name,
    script: readScript(readFileSync(fileOf(name, "scenario.yaml"), "utf8"), `${name}/scenario.yaml`),
  }));

vi.setConfig({ maxConcurrency: 6, testTimeout: 300_000 });

const REHEARSAL = `
title: A pull request is built
steps: [{ push: { as: proposal, files: { greet.spec: spec } } }, { open: {} }, { comment: { says: /eta } }]
`;

let house: House;
let close: () => Promise<void>;

beforeAll(async () => {
  const [postman, prompter] = await Promise.all([startPostman(), startPrompter()]);
  const broken = new Set<number>();
  const secret = new Set<number>();
  const theatre = await openTheatre({
    postman,
    prompter: prompter.url,
    // What counts calls of GitHub counts none of the sweep's.
    sweepSeconds: 3600,
    minute: 200,
    // Longer than deciding takes on a busy machine: nothing is decided a second time beside the first.
    hidden: { EventsQueue: 35, ReportsQueue: 25, StagesQueue: 25 },
    events: ["issue_comment", "merge_group", "repository"],
    deployment: {
      targets: {
        "debian-12": {
          images: { x86_64: "rehearsed", aarch64: "rehearsed" },
          arches: { x86_64: "required" },
        },
      },
      timeoutMinutes: { source: 2000, build: 2000, publish: 2000 },
    },
    faults: {
      s3: ({ name, key }) =>
        name === "PutObject" && [...broken].some((id) => key.startsWith(`runs/${id}/`))
          ? { status: 500, code: "InternalError" }
          : undefined,
    },
  });
  house = { theatre, postman, prompter, broken, secret };
  close = async () => {
    await postman.close();
    await prompter.close();
    await theatre.close();
  };
  // Every door is awake before anything is counted.
  await playScript(house, readScript(REHEARSAL, "rehearsal"));
});

afterAll(async () => {
  const [found, dead] = [await leaks(house.theatre), await house.theatre.state.deadLetters()];
  await close();
  // The manifest of a private repository's sources lends its build a token that reads this one repository for an hour.
  const lent = [...house.secret].map((id) => `StateBucket has manifests/results/${id}/`);
  expect(found.filter((one) => !lent.some((start) => one.startsWith(start)))).toEqual([]);
  expect(dead).toBe(0);
});

async function compare(name: string): Promise<void> {
  const of = scripts.find((one) => one.name === name);
  if (!of) throw new Error(`there is no scenario ${name}`);
  const came = await playScript(house, of.script);
  const file = fileOf(name, "expected.yaml");
  if (process.env["MILLWRIGHT_GOLDEN"] === "write") writeFileSync(file, came);
  expect(came).toBe(existsSync(file) ? readFileSync(file, "utf8") : "not written yet");
}

const together = scripts
  .filter(({ script }) => !script.alone)
  .toSorted((a, b) => Number(b.script.long) - Number(a.script.long));
const alone = scripts.filter(({ script }) => script.alone);

/** Milliseconds: all at once, on a busy machine, and what cannot be decided comes five times before it is given up. */
const LONG = 600_000;

describe("scenarios, side by side", () => {
  for (const { name, script } of together)
    test.concurrent(`${name}: ${script.title}`, () => compare(name), LONG);
});

describe("scenarios that would disturb others", () => {
  for (const { name, script } of alone) test(`${name}: ${script.title}`, () => compare(name), LONG);
});
