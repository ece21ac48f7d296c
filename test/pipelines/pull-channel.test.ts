import { describe, expect, test } from "vitest";
import { advance } from "../../src/pipelines/advance.ts";
import { hasEnded } from "../../src/pipelines/next.ts";
import {
  type Channel,
  claimed,
  expiringKey,
  expiringOf,
  inOrderOfRemoval,
  kept,
  shows,
} from "../../src/pipelines/pull-channel.ts";
import { Deployment } from "../../src/pipelines/deployment.ts";
import { nevrasOf, together } from "../../src/pipelines/release/published.ts";
import { offers } from "../../src/pipelines/manifest/publish.ts";
import { layOut } from "../../src/pipelines/plan.ts";
import type { Run } from "../../src/pipelines/run.ts";
import type { Signal } from "../../src/pipelines/signal.ts";
import { laid } from "./laid.ts";

const recipe = { kind: "rpm", name: "greet", path: "greet.spec" } as const;
const born = laid({
  repo: { id: 1, owner: "acme", name: "os", installation: 2, private: false, node: "R_1" },
  trigger: { kind: "pull", number: 7, sha: "a".repeat(40), base: "b".repeat(40), branch: "main" },
  zone: "untrusted",
  channel: "pr/7",
  at: "2026-11-21T10:00:00.000Z",
  recipes: [recipe],
  targets: { "debian-12": { x86_64: "required", aarch64: "advisory" } },
});
const SHOWN = "channel/pr~2f.7";
const [X86, ARM] = ["build/greet/debian-12/x86_64", "build/greet/debian-12/aarch64"] as const;
const at = (minute: number) => `2026-11-21T11:${String(minute).padStart(2, "0")}:00.000Z`;
const file = { name: "greet.rpm", size: 1, sha256: "1".repeat(64) };
const passed = (stage: string, minute: number, attempt = 1): Signal => ({
  kind: "passed",
  stage,
  attempt,
  at: at(minute),
  prefix: `results/${stage}/`,
  files: [file],
});
const failed = (stage: string, minute: number): Signal => ({
  kind: "ended",
  as: "failed",
  because: "no",
  stage,
  attempt: 1,
  at: at(minute),
});
const after = (...signals: readonly Signal[]): Run => signals.reduce<Run>(advance, born);
const stage = (run: Run, name = SHOWN) => run.stages.find((one) => one.name === name);
const sources = passed("source/greet", 1);

describe("the stage that publishes a pull request", () => {
  test("is not begun where no build passed", () => {
    const run = after(sources, failed(X86, 2), failed(ARM, 3));
    expect(stage(run)).toMatchObject({ state: "skipped", because: X86 });
    expect(hasEnded(run)).toBe(true);
  });

  test("comes to life again with a build that is tried again", () => {
    const run = after(sources, failed(X86, 2), failed(ARM, 3), {
      kind: "retried",
      stage: X86,
      attempt: 1,
      at: at(4),
    });
    expect(stage(run)).toMatchObject({ state: "waiting", attempt: 2 });
    expect(stage(advance(run, passed(X86, 5, 2)))).toMatchObject({ state: "ready", attempt: 2 });
  });

  const retriedWhile = (...signals: readonly Signal[]) =>
    after(sources, passed(X86, 2), failed(ARM, 3), ...signals);
  const again: Signal = { kind: "retried", stage: ARM, attempt: 1, at: at(5) };

  test("is done again for a build that passes after it, also when that was tried again while it ran", () => {
    const late = retriedWhile(passed(SHOWN, 4), again, passed(ARM, 6, 2));
    expect(stage(late)).toMatchObject({ state: "ready", attempt: 2, readyAt: at(6) });
    const meanwhile = retriedWhile(again, passed(ARM, 6, 2), passed(SHOWN, 7));
    expect(stage(meanwhile)).toMatchObject({ state: "ready", attempt: 2 });
    expect(stage(advance(meanwhile, passed(SHOWN, 8, 2)))).toMatchObject({ state: "passed", attempt: 2 });
  });

  test("is not done again for a build that fails after it, nor once it was cancelled", () => {
    const failing = { ...failed(ARM, 6), attempt: 2 } as Signal;
    expect(stage(retriedWhile(passed(SHOWN, 4), again, failing))).toMatchObject({ attempt: 1 });
    const cancel: Signal = { kind: "cancelled", because: "no", at: at(4), stages: [SHOWN] };
    expect(stage(retriedWhile(cancel, again, passed(ARM, 6, 2)))).toMatchObject({ state: "cancelled" });
  });

  test("takes all that the run built, also what was asked for later", () => {
    const work = { recipe, target: "debian-12", arch: "s390x", tier: "advisory" } as const;
    const more: Signal = { kind: "extended", at: at(5), ...layOut([work], "untrusted") };
    const S390 = "build/greet/debian-12/s390x";
    const run = after(sources, passed(X86, 2), passed(ARM, 3), passed(SHOWN, 4), more, passed(S390, 6));
    const late = stage(run, "backfill/pr~2f.7/1");
    expect(late).toMatchObject({ state: "ready", pool: "publish-pull" });
    expect(offers(run, late!).map(({ arch }) => arch)).toEqual(["x86_64", "aarch64", "s390x"]);
  });

  test("is done again when what it brought is gone; another stage, attempt or state is not meant", () => {
    const run = after(sources, passed(X86, 2), failed(ARM, 3), passed(SHOWN, 4));
    const gone: Signal = { kind: "undone", stage: SHOWN, attempt: 1, at: at(9) };
    expect(stage(advance(run, gone))).toMatchObject({ state: "ready", attempt: 2 });
    expect(advance(run, { ...gone, attempt: 2 })).toBe(run);
    expect(advance(run, { ...gone, stage: ARM })).toBe(run);
    expect(advance(born, gone)).toBe(born);
  });
});

describe("what is known of a channel", () => {
  const on = { pull: 7, place: "acme/os/pr/7", forgotten: [] };
  const one = claimed(undefined, born, on);
  const other = { ...born, id: "1/pull/7/other" };

  test("are the runs that may be in it, the newest last, and where it lies", () => {
    const two = claimed(one, other, { ...on, place: "acme/new/pr/7" });
    expect(two).toMatchObject({ runs: [born.id, other.id], places: ["acme/os/pr/7", "acme/new/pr/7"] });
    expect(claimed(two, born, on).runs).toEqual([other.id, born.id]);
    expect(claimed(two, born, { ...on, forgotten: [other.id] }).runs).toEqual([born.id]);
  });

  test("is what it shows: the newest run, unless it goes", () => {
    const channel = claimed(one, other, on);
    expect([shows(channel, other.id), shows(channel, born.id)]).toEqual([true, false]);
    expect([shows(undefined, born.id), shows({ ...channel, going: true }, other.id)]).toEqual([false, false]);
  });

  test("keeps its day to go when it is taken up, and loses it when the pull request opens", () => {
    const expiring: Channel = { ...one, expires: at(1) };
    expect(claimed(expiring, other, on).expires).toBe(at(1));
    expect(kept(expiring)).toEqual(one);
    expect(kept(one)).toBe(one);
    expect(kept({ ...expiring, going: true })).toMatchObject({ going: true, expires: at(1) });
  });

  test("is marked under its day, which is read back", () => {
    expect(expiringOf(expiringKey(at(1), one))).toEqual({ date: at(1), repo: 1, pull: 7 });
    expect(["expiring/x", "expiring/a/1/7/more"].map(expiringOf)).toEqual([undefined, undefined]);
  });

  test("goes from the way in to what is inside, whatever the repository and its packages are called", () => {
    const keys = [
      "t/pool/aa/x/snapshots.rpm",
      "t/snapshots/000001/repodata/repomd.xml",
      "t/mirrorlist",
      "x.repo",
    ];
    const place = "acme/pool/pr/7";
    const below = keys.map((key) => `${place}/${key}`);
    expect(inOrderOfRemoval(place, below)).toEqual([[below[2], below[3]], [below[1]], [below[0]]]);
  });
});

test("no target is called as the place of pull requests is: their publisher may write there", () => {
  const targets = (name: string) =>
    Deployment.unwrap().shape.targets.safeParse({ [name]: { images: {}, arches: {} } });
  expect([targets("pr").success, targets("prelude").success]).toEqual([false, true]);
});

test("what several publications told is put together by target, each package once", () => {
  const told = (target: string, ...nevras: readonly string[]) =>
    nevrasOf(
      JSON.stringify({
        channel: "pr/7",
        targets: [{ target, packages: nevras.map((nevra) => ({ nevra })) }],
      }),
    );
  expect(together([told("a", "x", "y"), told("a", "y", "z"), told("b", "x")])).toEqual({
    a: ["x", "y", "z"],
    b: ["x"],
  });
});
