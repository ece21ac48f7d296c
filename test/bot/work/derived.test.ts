import { describe, expect, test } from "vitest";
import { type Config, type ConfigProblem, readConfig } from "../../../src/bot/config/config.ts";
import { recipesOf } from "../../../src/bot/config/recipes.ts";
import { targetsOf } from "../../../src/bot/work/targets.ts";
import { readTreefile } from "../../../src/bot/treefile/treefile.ts";
import { problemText } from "../../../src/bot/words/config.ts";
import { type Choosing, chosen, wantedWork } from "../../../src/bot/work/work.ts";
import type { Deployment } from "../../../src/pipelines/deployment.ts";
import { jobName } from "../../../src/pipelines/plan.ts";

const roots = { x86_64: "host", aarch64: "host" } as const;
const derived = { images: { x86_64: "host" }, maker: "deploy", boot: { x86_64: "host" } } as const;
const tree = { images: roots, composer: "root", repositories: [], derived } as const;
const deployment = {
  targets: {
    leap: { images: { ...roots, s390x: "leap" }, arches: { x86_64: "required", aarch64: "advisory" }, tree },
    plain: { images: roots, arches: { x86_64: "required" } },
  },
  defaults: ["leap"],
} as unknown as Deployment;

const TREEFILE = "ref: acme/${basearch}\npackages: [bash]\n";
const RULE = "recipes: { cloud: { tree: os, images: [qcow2, vagrant], boot: { seconds: 60 } } }";

function choosing(rules: string, more: Partial<Choosing> = {}): Choosing {
  const config = readConfig(rules, deployment) as Config;
  const wanted = targetsOf(config, deployment);
  if ("refusal" in wanted) throw new Error(wanted.refusal.title);
  const files = new Map([["os/treefile.yaml", readTreefile(TREEFILE)]]);
  return {
    config,
    targets: wanted.targets,
    deployment,
    paths: ["os/treefile.yaml", "pkg/pkg.spec"],
    changed: "too-many",
    described: new Map(),
    trees: { roots: new Set(files.keys()), files },
    ...more,
  };
}
const names = (of: Choosing): readonly string[] => chosen(of).work.map(jobName);

describe("images of a tree", () => {
  test("are made where the tree is composed and there is a maker, and booted where they can be", () => {
    const { work } = chosen(choosing(RULE));
    expect(work.map(jobName)).toEqual([
      "tree:os:leap-x86_64",
      "tree:os:leap-aarch64",
      "rpm:pkg:leap-x86_64",
      "rpm:pkg:leap-aarch64",
      "image:cloud:leap-x86_64:qcow2",
      "image:cloud:leap-x86_64:vagrant",
    ]);
    const [disk, box] = work.filter(({ recipe }) => recipe.kind === "image");
    expect(disk).toEqual({
      recipe: { kind: "image", name: "cloud", path: "os/treefile.yaml#cloud" },
      target: "leap",
      arch: "x86_64",
      tier: "required",
      from: "os",
      type: "qcow2",
      boot: { seconds: 60, fail: false },
    });
    expect(box?.boot).toBeUndefined();
  });

  test("follow their tree: built with it, and not without", () => {
    expect(names(choosing(RULE, { changed: ["os/treefile.yaml"] }))).toContain(
      "image:cloud:leap-x86_64:qcow2",
    );
    expect(names(choosing(RULE, { changed: ["pkg/pkg.spec"] }))).toEqual([
      "rpm:pkg:leap-x86_64",
      "rpm:pkg:leap-aarch64",
    ]);
    const skipped = choosing("recipes: { os: { skip: true }, cloud: { tree: os, images: [iso] } }");
    expect(names(skipped).filter((name) => !name.startsWith("rpm:"))).toEqual([]);
    expect(chosen(skipped).left).toContainEqual({
      what: "cloud",
      because: "nothing is composed of its tree `os` where this deployment makes images of trees",
    });
  });

  test("bring their tree along when somebody asks for them by name", () => {
    const asked = wantedWork(choosing(RULE, { changed: [] }), { arches: [], recipes: ["cloud"] });
    expect(asked.map(jobName)).toEqual([
      "tree:os:leap-x86_64",
      "tree:os:leap-aarch64",
      "image:cloud:leap-x86_64:qcow2",
      "image:cloud:leap-x86_64:vagrant",
    ]);
  });

  test("wait for an ACK where images do", () => {
    const of = choosing(RULE, { leave: { rule: "trusted" } });
    expect(names(of).every((name) => name.startsWith("rpm:"))).toBe(true);
    expect(chosen(of).left.map(({ what }) => what)).toEqual(["os", "cloud"]);
  });
});

/** What is wrong with the rules, and where. */
function mistakes(rules: string, ...paths: readonly string[]): readonly string[] {
  const config = readConfig(rules, deployment);
  const found = Array.isArray(config)
    ? (config as ConfigProblem[])
    : recipesOf(config as Config, paths).mistakes;
  return found.map((one) => `${one.line}:${one.column} ${problemText(one)}`);
}

const PATHS = ["os/treefile.yaml", "edge/treefile.yaml", "pkg/pkg.spec"];

describe("what is wrong with a recipe of images is told at its place", () => {
  test.each([
    [
      "recipes:\n  cloud: { tree: so, images: [qcow2] }\n",
      "2:18 recipes.cloud.tree: no tree of this name was found; edge, os are here. Did you mean os?",
    ],
    [
      "recipes:\n  cloud: { tree: pkg, images: [qcow2] }\n",
      "2:18 recipes.cloud.tree: pkg/pkg.spec is no treefile, and images are made of trees only",
    ],
    [
      "recipes:\n  pkg: { tree: os, images: [qcow2] }\n",
      "2:16 recipes.pkg.tree: another recipe was found that goes by this name; give the images another one",
    ],
    [
      "recipes:\n  cloud:\n    tree: os\n    images: [qcow]\n",
      '4:14 recipes.cloud.images.0: "qcow" is none of qcow2, vagrant, iso. Did you mean qcow2?',
    ],
    [
      "recipes:\n  cloud:\n    tree: os\n",
      "3:5 recipes.cloud.images: is missing: which images are made of the tree, such as qcow2",
    ],
    [
      "recipes:\n  cloud: { tree: os, images: [] }\n",
      "2:30 recipes.cloud.images: is empty: name an image, such as qcow2, or leave the recipe out",
    ],
    [
      "recipes:\n  os: { images: [qcow2] }\n",
      "2:17 recipes.os.images: goes with `tree` only: of which tree are the images made?",
    ],
    [
      "recipes:\n  cloud: { tree: os, images: [iso], path: x.spec }\n",
      "2:43 recipes.cloud.path: does not go with `tree`: what is made of a tree has no file of its own",
    ],
    [
      "targets: { leap: [x86_64, aarch64, s390x] }\nrecipes:\n  cloud: { tree: os, images: [iso], arches: [s390x] }\n",
      "3:46 recipes.cloud.arches.0: os is not built on this arch; it is on x86_64, aarch64",
    ],
    [
      "recipes:\n  os: { arches: [aarch64] }\n  cloud: { tree: os, images: [iso], arches: [x86_64] }\n",
      "3:46 recipes.cloud.arches.0: os is not built on this arch; it is on aarch64",
    ],
    [
      "recipes:\n  cloud: { tree: os, images: [iso], arches: [aarch64] }\n",
      "2:45 recipes.cloud.arches: this deployment makes images of trees for leap only on x86_64",
    ],
  ])("%j", (rules, said) => {
    expect(mistakes(rules, ...PATHS)).toEqual([said]);
  });

  test("a repository without treefiles is told so", () => {
    expect(mistakes(RULE, "pkg/pkg.spec")).toEqual([
      "1:27 recipes.cloud.tree: no tree of this name was found; there is no treefile here",
    ]);
  });
});
