import { expect, test } from "vitest";
import { decideNight } from "../../../src/flow/decide/night.ts";
import { obey } from "../../../src/flow/obey/obey.ts";
import { allPass, asked, CONFIG, FIRST, releasesIn, says, SECOND } from "../release-world.ts";
import { NEXT, repo, SHA, type World, world } from "../world.ts";

function town(config = CONFIG): World {
  const made = world();
  made.github.files.set(".millwright.yml", config);
  made.github.pulls.set(7, made.github.pullOf({ number: 7, sha: NEXT }));
  made.github.branches.set("main", { sha: SHA, isProtected: true });
  return made;
}

test("/nightly builds the next release of the nightly channel now", async () => {
  const made = town();
  expect(await asked(made, "/nightly")).toContain(`The next of \`nightly\` is under way: release ${FIRST}`);
  expect(await made.run(`1/nightly/nightly/${FIRST}`)).toMatchObject({ trigger: { sha: SHA } });
});

test("/nightly after the hour of the same day takes the next number, and nothing where nothing changed", async () => {
  const made = town();
  await decideNight(made.ports, { kind: "night-came", repo, channel: "nightly", night: "2026-11-21" });
  await allPass(made, `1/nightly/nightly/${FIRST}`, 1);
  expect(await asked(made, "/nightly nightly")).toContain(
    `Nothing is built for \`nightly\`: nothing changed since ${FIRST}`,
  );
  made.github.branches.set("main", { sha: NEXT, isProtected: true });
  expect(await asked(made, "/nightly nightly")).toContain(`release ${SECOND}`);
});

test("one comment is one release, however often it is heard", async () => {
  const made = town();
  const said = says("/nightly");
  await obey(made.ports, said);
  await obey(made.ports, said);
  expect(releasesIn(made, "nightly")).toEqual([FIRST]);
});

test("/nightly says which channels there are where it does not know which is meant", async () => {
  const none = town("channels: { devel: { branch: main } }\n");
  expect(await asked(none, "/nightly")).toContain("names no nightly channel");
  const two = town(
    "channels: { a: { branch: main, nightly: '02:00' }, b: { branch: main, nightly: '03:00' } }\n",
  );
  expect(await asked(two, "/nightly")).toContain("Nightly are: `a`, `b`");
  expect(await asked(two, "/nightly c")).toContain("Nightly are: `a`, `b`");
  expect(releasesIn(two, "a")).toEqual([]);
});

test("/nightly is a committer's to say", async () => {
  const made = town();
  made.github.canWrite = async () => false;
  expect(await asked(made, "/nightly")).toContain("committer");
  expect(releasesIn(made, "nightly")).toEqual([]);
});
