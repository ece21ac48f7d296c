import { checksOf } from "../../src/bot/check/check.ts";
import { why } from "../../src/bot/commands/why.ts";
import { heldAnswers, holds } from "../../src/bot/words/holds.ts";
import { promotionAnswers } from "../../src/bot/words/promotion.ts";
import type { Differs } from "../../src/pipelines/contents.ts";
import { plan } from "../../src/pipelines/plan.ts";
import type { Run } from "../../src/pipelines/run.ts";
import { pushRun, telling } from "./sample.ts";

const of = { channel: "release", branch: "main", sha: "a".repeat(40), number: "20261121_03" };
const [X86, ARM] = ["build/greet/debian-12/x86_64", "build/greet/debian-12/aarch64"];
const recipe = { kind: "rpm", name: "greet", path: "greet.spec" } as const;

const promotion = plan({
  repo: pushRun.repo,
  trigger: { kind: "promotion", from: "nightly", ...of },
  zone: "trusted",
  leave: { rule: "promotion", by: "maria" },
  left: [],
  channel: "release",
  at: pushRun.at,
  work: (["x86_64", "aarch64"] as const).map((arch) => ({
    recipe,
    target: "debian-12",
    arch,
    tier: "required",
  })),
});

const greet = { package: "greet-1.0-1.x86_64" };
const differs: Differs = {
  changes: [
    { package: "greet-libs-1.0-1.x86_64", kind: "package", name: "", is: "added" },
    { ...greet, kind: "file", name: "/usr/bin/greet", is: "changed" },
    { ...greet, kind: "requires", name: "libgreet.so.1", is: "missing" },
    { ...greet, kind: "scripts", name: "", is: "changed" },
  ],
  count: 5,
  whole: true,
};

const having = (arm: Differs): Run => {
  const told = new Map([
    [X86, differs],
    [ARM, arm],
  ]);
  const stages = promotion.stages.map((stage) => {
    const known = told.get(stage.name);
    const passed = { ...stage, state: stage.kind === "publish" ? ("waiting" as const) : ("passed" as const) };
    return known ? { ...passed, differs: known } : passed;
  });
  return { ...promotion, stages };
};

const held = having({ changes: [], count: 0, unlisted: "tested" });
const accepted = having({
  ...differs,
  changes: differs.changes.slice(0, 1),
  count: 1,
  accepted: { by: "maria", at: "2026-11-21T10:00:00.000Z" },
});
const [locked, now] = ["1".repeat(64), "2".repeat(64)];
const asked = { leave: { may: true, rule: "canWrite" }, sha: of.sha } as const;

/** What is said of promotions that are not what was tested. */
export const heldPages = (): Readonly<Record<string, string>> => ({
  "A promotion that waits for a committer": [held, accepted]
    .flatMap((run) =>
      checksOf(run, { ...telling, differenceUrl: () => "https://logs.example/1/difference.txt" }),
    )
    .map(({ name, title, summary }) => `### ${name}: ${title}\n\n${summary}`)
    .join("\n\n"),
  "/why of such a promotion": why(accepted, asked),
  "Answers to /accept and /drop": Object.values(heldAnswers)
    .map((answer) => answer(of))
    .join("\n\n"),
  "Why a promotion is not built": [
    holds.drifted({
      bundle: { locked, now },
      files: [
        { file: "greet.tar.gz", locked, now },
        { file: "fix.patch", now },
      ],
    }),
    holds.drifted({ bundle: { locked, now }, files: [] }),
    holds.noRoot("Unable to pull customer's container image."),
  ].join("\n\n"),
  "What the gate says of files": promotionAnswers.refused({ ...of, from: "nightly" }, [
    { rule: "built-by-us", jobs: ["rpm:greet:debian-12-x86_64"] },
    { rule: "names", names: ["greet"], allowed: ["farewell"] },
    { rule: "digests", files: ["greet-1.0-1.x86_64.rpm"] },
  ]),
});
