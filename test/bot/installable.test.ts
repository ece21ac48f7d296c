import { expect, test } from "vitest";
import { checksOf } from "../../src/bot/check/check.ts";
import { BUILD, files, having, pullRun, SOURCE, telling } from "./sample.ts";

const passed = { state: "passed", files } as const;

test("a pull request's channel says how to install what it holds, and how to be rid of it", () => {
  const url = "https://mirror.example/acme/os/pr/7/os-pr-7-debian-12.repo";
  const channel = {
    kind: "publish",
    name: "channel/pr~2f.7",
    pool: "publish-pull",
    needs: [],
    state: "passed",
    attempt: 1,
    facts: { "repository for debian-12": url },
  } as const;
  const built = having(pullRun, { [SOURCE]: passed, [BUILD]: passed });
  const run = { ...built, channel: "pr/7", stages: [...built.stages, channel] };
  const check = checksOf(run, telling).find(({ name }) => name === "channel:pr/7");
  expect(check?.summary).toContain(`'${url}'`);
  expect(check?.summary).toContain("sudo dnf install 'greet' 'greet-devel'");
  expect(check?.summary).toContain("sudo zypper removerepo");
});
