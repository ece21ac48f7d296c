import { expect, test } from "vitest";
import { SOURCE, repo, type World, world, X86, ARM, AT } from "../world.ts";

const PUBLISH = "publish/devel";
const idOf = (n: number): string => `1/push/main/${shaOf(n)}`;
const shaOf = (n: number): string => n.toString(16).padStart(40, "0");

const RULES = "targets: { debian-12: [x86_64, aarch64] }\n";

/** Commits of the branch whose builds have all passed, and which wait for their publisher. */
async function built(town: World, numbers: readonly number[]): Promise<void> {
  town.github.files.set(".millwright.yml", RULES);
  for (const n of numbers) {
    town.github.branches.set("main", { sha: shaOf(n), isProtected: true });
    await town.decide({ kind: "branch-pushed", repo, branch: "main" });
    const passed = (stage: string, name: string) =>
      ({
        kind: "passed",
        stage,
        attempt: 1,
        at: AT,
        prefix: `results/${idOf(n)}/${stage}/1/`,
        files: [{ name, size: 1, sha256: "1".repeat(64) }],
      }) as const;
    await town.move(idOf(n), passed(SOURCE, "bundle.tar"));
    await town.move(idOf(n), passed(X86, `greet-${n}.x86_64.rpm`), passed(ARM, `greet-${n}.aarch64.rpm`));
  }
}

const publications = ({ builder }: World) => builder.orders.filter(({ pool }) => pool === "publish");

const newest = (town: World): string => `publish:${town.builder.builds.size}`;

async function end(town: World, status: "SUCCEEDED" | "FAILED"): Promise<void> {
  const build = newest(town);
  const [id = ""] = (town.builder.builds.get(build)?.attempt ?? "").split("#");
  if (status === "SUCCEEDED") await town.leave(id, PUBLISH, { "published.json": "{}" });
  town.builder.end(build, status);
  await town.track(build);
}

const statesOf = (town: World, numbers: readonly number[]) =>
  Promise.all(numbers.map(async (n) => (await town.stage(idOf(n), PUBLISH)).state));

function packagesTold(town: World): readonly string[] {
  const address = publications(town).at(-1)?.manifest.slice("memory:".length) ?? "";
  const text = new TextDecoder().decode(town.ports.blobs.all.get(address));
  const { targets } = JSON.parse(text) as { targets: { packages: { name: string; run?: string }[] }[] };
  return targets.flatMap(({ packages }) => packages.map(({ name, run }) => `${name} ${run ?? "its own"}`));
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);

test("twenty pushes that are built together become two publications", async () => {
  const town = world();
  const [first, ...others] = upTo(20);
  await built(town, [first ?? 1]);
  await town.dispatch("publish");
  await built(town, others);
  await town.dispatch("publish");
  expect(publications(town)).toHaveLength(1);
  await end(town, "SUCCEEDED");
  await town.dispatch("publish");
  expect(packagesTold(town)).toHaveLength(2 * others.length);
  await end(town, "SUCCEEDED");
  await town.dispatch("publish");
  expect(publications(town)).toHaveLength(2);
  expect(new Set(await statesOf(town, upTo(20)))).toEqual(new Set(["passed"]));
});

test("the packages that go together say which run built them", async () => {
  const town = world();
  await built(town, [1, 2]);
  await town.dispatch("publish");
  expect(packagesTold(town)).toEqual(
    expect.arrayContaining(["greet-1.x86_64.rpm its own", `greet-2.aarch64.rpm ${idOf(2)}`]),
  );
});

test("each of those that went together tells of it, with the log", async () => {
  const town = world();
  await built(town, [1, 2]);
  await town.dispatch("publish");
  await end(town, "SUCCEEDED");
  const [one, two] = [await town.stage(idOf(1), PUBLISH), await town.stage(idOf(2), PUBLISH)];
  expect(two).toMatchObject({ state: "passed", build: one.build, prefix: one.prefix });
  const logs = [...town.ports.logs.all.keys()];
  expect(logs.filter((key) => key.includes(shaOf(2)))).toHaveLength(1);
});

test("when what went together fails, each is tried again alone, and one is to blame", async () => {
  const town = world();
  await built(town, [1, 2]);
  await town.dispatch("publish");
  await end(town, "FAILED");
  expect(await statesOf(town, [1, 2])).toEqual(["ready", "ready"]);
  await town.dispatch("publish");
  expect(packagesTold(town)).toHaveLength(2);
  await end(town, "FAILED");
  await town.dispatch("publish");
  await end(town, "SUCCEEDED");
  expect((await statesOf(town, [1, 2])).toSorted()).toEqual(["failed", "passed"]);
});

test("other channels do not wait", async () => {
  const town = world();
  await built(town, [1]);
  await town.dispatch("publish");
  town.github.files.set(".millwright.yml", `${RULES}channels: { next: { branch: next } }`);
  town.github.branches.set("next", { sha: shaOf(7), isProtected: true });
  await town.decide({ kind: "branch-pushed", repo, branch: "next" });
  const id = `1/push/next/${shaOf(7)}`;
  const passed = { kind: "passed", attempt: 1, at: AT, prefix: "results/", files: [] } as const;
  const rpm = { name: "greet.rpm", size: 1, sha256: "1".repeat(64) };
  await town.move(id, { ...passed, stage: SOURCE });
  await town.move(id, { ...passed, stage: X86, files: [rpm] }, { ...passed, stage: ARM });
  await town.dispatch("publish");
  expect(publications(town)).toHaveLength(2);
});

test.each([1, 2, 3, 4])("a dispatcher that dies at write %i of the runs is made up for", async (fatal) => {
  const town = world();
  await built(town, [1, 2, 3]);
  const replace = town.ports.runs.replace.bind(town.ports.runs);
  let writes = 0;
  town.ports.runs.replace = async (...args) => {
    writes += 1;
    if (writes === fatal) throw new Error("the dispatcher died");
    return replace(...args);
  };
  await town.dispatch("publish").catch(() => undefined);
  town.ports.runs.replace = replace;
  await town.dispatch("publish");
  await end(town, "SUCCEEDED");
  await town.dispatch("publish");
  expect(publications(town)).toHaveLength(1);
  expect(await statesOf(town, [1, 2, 3])).toEqual(["passed", "passed", "passed"]);
});

test.each([1, 2, 3])(
  "news that is cut off at write %i of the runs is heard when it comes again",
  async (fatal) => {
    const town = world();
    await built(town, [1, 2, 3]);
    await town.dispatch("publish");
    const replace = town.ports.runs.replace.bind(town.ports.runs);
    let writes = 0;
    town.ports.runs.replace = async (...args) => {
      writes += 1;
      if (writes === fatal) throw new Error("the tracker died");
      return replace(...args);
    };
    await expect(end(town, "FAILED")).rejects.toThrow("died");
    town.ports.runs.replace = replace;
    await town.dispatch("publish");
    await town.track("publish:1");
    for (const _ of [1, 2, 3]) {
      await town.dispatch("publish");
      await end(town, "SUCCEEDED");
    }
    expect(await statesOf(town, [1, 2, 3])).toEqual(["passed", "passed", "passed"]);
  },
);
