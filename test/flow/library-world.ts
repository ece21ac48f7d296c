import { decideEvent } from "../../src/flow/decide/event.ts";
import { runKey } from "../../src/pipelines/run.ts";
import { isOver, resultsPrefix, type Stage } from "../../src/pipelines/stage.ts";
import { repo, type World, world } from "./world.ts";

/** Recipes by what their packages require, beside what they provide: their own names. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  libgreet: [],
  greet: ["libgreet"],
  hello: ["greet"],
  other: [],
};

const CONFIG = "targets: { debian-12: [x86_64] }\n";

/** What a build of a recipe lists: its output is another where `content` is. */
const listOf = (name: string, needs: readonly string[], content = "1"): string =>
  [
    `${name}-1.0-1.src\trequires\tgcc\t `,
    `${name}-1.0-1.x86_64\tfile\t/usr/bin/${name}\t100755 root:root 3 ${content}`,
    `${name}-1.0-1.x86_64\tprovides\t${name}\t= 1.0-1`,
    ...needs.map((need) => `${name}-1.0-1.x86_64\trequires\t${need}\t `),
    "",
  ].join("\n");

export interface Content {
  /** By recipe: the digest of its sources, and of what they make. */
  readonly sources?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  /** Recipes whose builds fail. */
  readonly failing?: readonly string[];
}

/** A repository of libraries and what needs them. */
export function libraryTown(config = CONFIG): World {
  const town = world();
  town.github.files.set(".millwright.yml", config);
  town.github.state.paths = Object.keys(NEEDS).map((name) => `${name}.spec`);
  return town;
}

/** What a stage leaves. */
function leftBy(id: string, { kind, name: stage }: Stage, { sources = {}, outputs = {} }: Content) {
  const name = stage.split("/")[1] ?? "";
  const bundle = sources[name] ?? `${name} 1`;
  return {
    source: { "bundle.tar": bundle, "recipe.spec": "Name: x\n", "facts.json": "{}" },
    build: { [`${name}.rpm`]: id, "contents.tsv": listOf(name, NEEDS[name] ?? [], outputs[name]) },
    publish: {},
    check: {},
  }[kind];
}

async function ends(town: World, id: string, { stage, content }: { stage: Stage; content: Content }) {
  const { build = "", name, attempt } = stage;
  if (stage.kind === "build" && content.failing?.includes(name.split("/")[1] ?? ""))
    return town.builder.end(build, "FAILED");
  const files = leftBy(id, stage, content);
  const prefix = resultsPrefix({ run: id, stage: name, attempt });
  for (const [file, body] of Object.entries(files)) await town.ports.blobs.put(prefix + file, body);
  const sums = Object.entries(files).map(([file, body]) => `${town.ports.digest(body)}  ${file}\n`);
  await town.ports.blobs.put(`${prefix}SHA256SUMS`, sums.join(""));
  return town.builder.end(build, "SUCCEEDED", { endedAt: town.ports.clock() });
}

/** Whatever waits of a run is built, until nothing does. */
export async function builds(town: World, id: string, content: Content = {}): Promise<void> {
  for (;;) {
    const waiting = (await town.run(id)).stages.find(({ state }) => state === "ready" || state === "running");
    if (!waiting) return;
    if (waiting.state === "ready") await town.dispatch(waiting.pool);
    const stage = await town.stage(id, waiting.name);
    if (isOver(stage) || stage.build === undefined) continue;
    await ends(town, id, { stage, content });
    await town.track(stage.build);
  }
}

/** A push to `main` is built and published; its run. */
export async function pushed(town: World, sha: string, content: Content = {}): Promise<string> {
  town.github.branches.set("main", { sha, isProtected: true });
  await town.decide({ kind: "branch-pushed", repo, branch: "main" });
  const id = `1/push/main/${sha}`;
  await builds(town, id, content);
  return id;
}

/** What was asked of the events queue is decided, and what comes of it is built, until nothing more does; the runs. */
export async function settles(town: World, content: Content = {}): Promise<readonly string[]> {
  const before = new Set(town.ports.runs.all.keys());
  for (let message = town.ports.events.sent.shift(); message; message = town.ports.events.sent.shift()) {
    await decideEvent(town.ports)(message);
    for (const id of rebuildsOf(town)) await builds(town, id, content);
  }
  return rebuildsOf(town).filter((id) => !before.has(runKey(id)));
}

const rebuildsOf = (town: World): readonly string[] =>
  [...town.ports.runs.all.keys()]
    .filter((key) => key.includes("/rebuild/"))
    .map((key) => key.slice("runs/".length, -".json".length));
