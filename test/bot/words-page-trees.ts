import { checksOf } from "../../src/bot/check/check.ts";
import { derivedWords } from "../../src/bot/words/derived.ts";
import { leftNoDerived, leftTreeless } from "../../src/bot/words/left.ts";
import { treeSummary, treeTitle } from "../../src/bot/words/tree.ts";
import { plan, type Work } from "../../src/pipelines/plan.ts";
import { having, pullRun, telling } from "./sample.ts";

const of = { target: "debian-12", arch: "x86_64", tier: "required" } as const;
const tree: Work = {
  ...of,
  recipe: { kind: "tree", name: "os", path: "os/treefile.yaml" },
  tree: { ref: "acme/os", packages: ["bash"] },
};
const cloud = {
  ...of,
  recipe: { kind: "image", name: "cloud", path: "os/treefile.yaml#cloud" },
  from: "os",
} as const;
const run = plan({
  ...pullRun,
  left: [],
  channel: "pr/7",
  work: [tree, { ...cloud, type: "qcow2", boot: { fail: false } }, { ...cloud, type: "vagrant" }],
});
const COMMIT = "c".repeat(64);
const composed = { ref: "acme/os", commit: COMMIT };
const packages = {
  before: "a",
  at: "2026-11-20T10:00:00.000Z",
  changes: [{ name: "sed.x86_64", is: "4.9-1" }],
  count: 1,
};
const passed = { state: "passed", build: "b:1" } as const;
const made = { ...passed, facts: { commit: COMMIT, version: "20261121_01" } };
const BUILT = {
  "source/tree:os": passed,
  "build/tree:os/debian-12/x86_64": { ...passed, facts: composed, packages },
  "check/tree:os/debian-12/x86_64": { ...passed, facts: { upgrade: "nothing" } },
};
const DISK = "image:cloud/debian-12/x86_64/qcow2";
const boot = { accelerator: "tcg", machine: "q35", first: { kernel: 2, login: 30.5 }, slowest: [], over: [] };
const stayed = { ...passed, prefix: "", files: [], facts: { "unchanged since": COMMIT } };

const checks = (changes: Parameters<typeof having>[1]): string =>
  checksOf(having(run, changes), telling)
    .filter(({ name }) => name.includes(":"))
    .map(({ name, title, summary }) => `### ${name}: ${title}\n\n${summary}`)
    .join("\n\n");

const WRONG = [
  derivedWords.unknown([]),
  derivedWords.unknown(["os", "edge"]),
  derivedWords.noTree("pkg.spec"),
  derivedWords.taken,
  derivedWords.noImages,
  derivedWords.noneOfThem,
  derivedWords.onlyDerived,
  derivedWords.notDerived,
  derivedWords.noArch("os", []),
  derivedWords.noArch("os", ["x86_64"]),
  derivedWords.noMaker("debian-12", []),
  derivedWords.noMaker("debian-12", ["x86_64"]),
  leftNoDerived("os"),
  leftTreeless,
];

/** What is said of trees and of the images that are made of them. */
export const treePages = (): Readonly<Record<string, string>> => ({
  "A tree, and images that are made of it": checks({
    ...BUILT,
    [`build/${DISK}`]: { ...made, files: [{ name: "cloud.x86_64-20261121_01.qcow2", size: 1, sha256: "1" }] },
    [`check/${DISK}`]: { ...passed, boot },
    [`build/${DISK.replace("qcow2", "vagrant")}`]: { ...made, files: [] },
  }),
  "A tree that stayed as it was, and so do its images": checks({
    ...BUILT,
    "build/tree:os/debian-12/x86_64": { ...passed, facts: { ref: "acme/os", "unchanged since": COMMIT } },
    "check/tree:os/debian-12/x86_64": { ...passed, facts: { upgrade: "unchanged" } },
    [`build/${DISK}`]: stayed,
    [`check/${DISK}`]: stayed,
    [`build/${DISK.replace("qcow2", "vagrant")}`]: stayed,
  }),
  "A tree of the same packages": [
    treeTitle({ facts: composed, packages: { ...packages, count: 0 } }),
    treeTitle({ facts: composed, packages: { ...packages, count: 2 } }),
    treeTitle({ facts: composed }),
    treeSummary({ ...composed, version: "20261121_01" }),
  ].join("\n\n"),
  "What is wrong with a recipe of images, and why none is made": WRONG.join("\n"),
});
