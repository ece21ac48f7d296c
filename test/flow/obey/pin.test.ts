import { expect, test } from "vitest";
import { allPass, asked, FIRST, night, released, THIRD } from "../release-world.ts";

test("/pin keeps a published release and tells its own address; /unpin gives it up", async () => {
  const town = await released();
  const pins = () => [...town.ports.blobs.all.keys()].filter((key) => key.startsWith("pins/"));
  expect(await asked(town, `/pin release ${FIRST}`)).toContain(
    `https://mirror.example/acme/os/c/releases/${FIRST}/os-c-debian-12.repo`,
  );
  expect(pins()).toEqual([`pins/1/release/${FIRST}`]);
  const pin = new TextDecoder().decode(town.ports.blobs.all.get(`pins/1/release/${FIRST}`));
  expect(JSON.parse(pin)).toMatchObject({ v: 1, by: { id: 12, login: "octocat" } });
  expect(await asked(town, `/unpin release ${FIRST}`)).toContain("no longer pinned");
  expect(await asked(town, `/unpin release ${FIRST}`)).toContain("is not pinned");
  expect(pins()).toEqual([]);
});

test("what was not published cannot be pinned, and nobody but a committer pins", async () => {
  const town = await released();
  await night(town, THIRD, 13);
  await asked(town, `/promote ${THIRD}`);
  for (const named of [`release ${THIRD}`, "release 20261121_09", `devel ${FIRST}`])
    expect(await asked(town, `/pin ${named}`)).toContain("has published no release");
  expect(await asked(town, `/pin release ${FIRST}`, 99)).toContain("only committers may do this");
  await allPass(town, `1/promotion/release/${THIRD}`, 3);
  expect(await asked(town, `/pin release ${THIRD}`)).toContain("is kept until");
});
