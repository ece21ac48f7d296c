import { afterEach, beforeEach, expect, test } from "vitest";
import { endWithoutViolations, here, refusal } from "../../local/github/world.ts";
import { type Facing, facing } from "./world.ts";

let world: Facing;
beforeEach(async () => {
  world = await facing();
  await world.admin.settled();
});
afterEach(() => endWithoutViolations(world));

const push = (text: string) => world.commit("main", { "a.spec": text });

test("every repository of every installation is listed as a webhook would name it", async () => {
  const { admin, at, maintainer, watch } = world;
  const org = admin.createOrganization("distro");
  await admin.createRepository({ owner: "distro", name: "images", private: true, files: { a: "b" } });
  const installation = await admin.install("distro", "all");
  const found = await watch.repositories();
  expect(found).toEqual([
    {
      id: at.id,
      node: expect.any(String),
      owner: "maintainer",
      ownerId: maintainer.id,
      name: "packages",
      installation: at.installation,
      private: false,
      defaultBranch: "main",
    },
    expect.objectContaining({
      owner: "distro",
      ownerId: org.id,
      installation: installation.id,
      private: true,
    }) as unknown,
  ]);
});

test("a suspended installation is left out: it gives no tokens", async () => {
  world.clients.app.hook.after("request", (response, { url }) => {
    if (url.endsWith("/app/installations"))
      for (const one of response.data as { suspended_at: string | null }[])
        one.suspended_at = "2026-11-21T10:00:00Z";
  });
  expect(await world.watch.repositories()).toEqual([]);
});

test("open pull requests are listed with their heads, closed ones are not", async () => {
  const { at, maintainer, watch } = world;
  const sha = await world.commit("one", { x: "1" });
  await world.commit("two", { x: "2" });
  const [first, second] = [await world.open("one"), await world.open("two")];
  await world.as(maintainer.token).rest.pulls.update({ ...here, pull_number: second, state: "closed" });
  world.asked();
  expect(await watch.openPulls(at)).toEqual([{ number: first, sha }]);
  expect(world.asked()).toEqual([{ contents: "read", pull_requests: "read", metadata: "read" }]);
});

test("a delivery that failed is found once, redelivered under its GUID, and then found no more", async () => {
  const { admin, hooks, watch } = world;
  hooks.answers.push(503);
  await push("one");
  await push("two");
  await admin.settled();
  const failed = await watch.failedDeliveries();
  expect(failed).toHaveLength(1);
  const guid = admin.deliveries().find(({ id }) => id === failed[0])?.guid;
  await watch.redeliver(failed[0] ?? 0);
  await admin.settled();
  expect(hooks.heard.filter((one) => one.guid === guid)).toHaveLength(2);
  expect(await watch.failedDeliveries()).toEqual([]);
});

test("a delivery that fails again and again is asked for four times, each time its newest try", async () => {
  const { admin, hooks, watch } = world;
  await push("one");
  await admin.settled();
  hooks.answers.push(...Array.from({ length: 20 }, () => 500));
  await push("two");
  await admin.settled();
  const guids = new Set<string>();
  for (let i = 0; i < 6; i += 1)
    for (const id of await watch.failedDeliveries()) {
      guids.add(admin.deliveries().find((one) => one.id === id)?.guid ?? "");
      await watch.redeliver(id);
      await admin.settled();
    }
  for (const guid of guids) expect(admin.deliveries().filter((one) => one.guid === guid)).toHaveLength(5);
  expect(await watch.failedDeliveries()).toEqual([]);
});

test("a GitHub that answers 502 fails the question at once", async () => {
  for (const op of ["apps/list-installations", "apps/list-webhook-deliveries"]) {
    const bad = { op, times: 2, status: 502 };
    world.admin.fault(bad);
    const call = op.endsWith("deliveries") ? world.watch.failedDeliveries() : world.watch.repositories();
    expect(await refusal(call)).toBe(502);
    expect(bad.times).toBe(1);
    world.admin.clearFaults();
  }
});
