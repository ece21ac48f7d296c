import { createHash } from "node:crypto";
import { linksOf, type Links } from "../src/pipelines/graph/graph.ts";
import { inputsKey } from "../src/pipelines/inputs.ts";
import { builtWith, rebuildsAfter, touchedBy } from "../src/pipelines/graph/rebuilds.ts";
import type { Job, Run } from "../src/pipelines/run.ts";
import { type Chance, chanceOf } from "./chance.ts";
import { debianGraph } from "./debian-graph.ts";
import { table } from "./numbers.ts";

const CHANGES = 300;
/** How many of a hundred outputs stay as they were when something is built again. */
const SAME = [80, 90, 95];

/** A history of changes on Debian's graph, replayed. Gives what went wrong. */
export async function avoid(changes = CHANGES): Promise<readonly string[]> {
  const debian = await debianGraph();
  if (typeof debian === "string")
    return [`Debian's index of sources cannot be had, so there is no graph: ${debian}`];
  const links = linksOf(debian);
  console.log(
    `${changes} changes to ${links.order.length} recipes: each proposed twice with the same content, queued, merged and in a nightly:\n`,
  );
  const rows = SAME.map((same) => replay(links, { changes, same: same / 100 }));
  const cells = rows.map((row, i) => [
    `${SAME[i]} % stay the same`,
    String(row.asked),
    String(row.made),
    (row.made / row.distinct).toFixed(3),
    (row.all / changes).toFixed(0),
    (row.again / changes).toFixed(1),
    `${(100 * (1 - row.again / row.all)).toFixed(2)} %`,
  ]);
  const head = [
    "outputs",
    "builds asked",
    "made",
    "by distinct inputs",
    "could depend",
    "built again",
    "avoided",
  ];
  console.log(table([head, ...cells]));
  return rows.filter(({ made, distinct }) => made !== distinct).map(() => "equal inputs were built twice");
}

/** What builders did, and what of it had inputs of its own. */
function replay(links: Links, { changes, same }: { readonly changes: number; readonly same: number }) {
  // The same changes whatever stays the same.
  const [picks, chance] = [chanceOf(0), chanceOf(1)];
  const shop = newShop();
  const outputs = new Map<string, number>();
  const bundles = new Map<string, number>();
  const outputOf = (name: string) => String(outputs.get(name) ?? 0);
  let [all, again] = [0, 0];
  const build = (name: string, kind: Asked["kind"]): void =>
    shop.build({ name, kind, bundle: bundles.get(name) ?? 0, with: builtWith(links, name, outputOf) });
  for (let change = 0; change < changes; change += 1) {
    const changed = anyOf(links.order, picks);
    bundles.set(changed, (bundles.get(changed) ?? 0) + 1);
    for (const kind of ["pull", "pull", "queue", "push", "nightly"] as const) build(changed, kind);
    outputs.set(changed, (outputs.get(changed) ?? 0) + 1);
    const done = follow(links, changed, (name) => {
      build(name, "rebuild");
      if (chance.even() < same) return false;
      outputs.set(name, (outputs.get(name) ?? 0) + 1);
      return true;
    });
    for (const name of done) build(name, "nightly");
    all += touchedBy(links, [changed], "transitive").length;
    again += done.size;
  }
  return { ...shop.counts(), all, again };
}

/** Builds step by step what depends on a change. `build` says whether its output is another now. */
function follow(links: Links, changed: string, build: (name: string) => boolean): ReadonlySet<string> {
  const [differing, done] = [new Set([changed]), new Set<string>()];
  for (;;) {
    const step = rebuildsAfter(links, { changed: [changed], differing, done }, "transitive");
    if (step.length === 0) return done;
    for (const name of step) {
      done.add(name);
      if (build(name)) differing.add(name);
    }
  }
}

const anyOf = (names: readonly string[], { even }: Chance): string =>
  names[Math.floor(even() * names.length)] ?? "";

interface Asked {
  readonly name: string;
  readonly kind: "pull" | "queue" | "push" | "nightly" | "rebuild";
  readonly bundle: number;
  readonly with: string;
}

/** Builders that look up what passed by the product's key, and beside it what the inputs were in full. */
function newShop() {
  const passed = new Set<string>();
  const inputs = new Set<string>();
  let [asked, made] = [0, 0];
  return {
    build({ name, kind, bundle, with: needs }: Asked): void {
      const zone: Run["zone"] = kind === "pull" || kind === "queue" ? "untrusted" : "trusted";
      const key = inputsKey({ zone, repo: { id: 1 }, trigger: { kind } }, jobOf(name), {
        bundle: digest(`${name} ${bundle}`),
        image: "root",
        needs: digest(needs),
      });
      asked += 1;
      if (!passed.has(key)) made += 1;
      passed.add(key);
      inputs.add(digest(JSON.stringify([zone, name, bundle, needs])));
    },
    counts: () => ({ asked, made, distinct: inputs.size }),
  };
}

const jobOf = (name: string): Job => ({
  name,
  recipe: { kind: "rpm", name, path: `${name}/${name}.spec` },
  target: "t",
  arch: "x86_64",
  tier: "required",
  source: `source/${name}`,
  build: `build/${name}/t/x86_64`,
});

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
