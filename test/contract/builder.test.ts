import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { afterAll, describe, expect, test } from "vitest";
import { codeBuildBuilder } from "../../src/platform/aws/builder.ts";
import { cannotBuild, commands, type Machine, startMachine } from "../local/codebuild/machine.ts";
import { builderContract } from "./builder.contract.ts";

const PREFIX = "millwright-contract-";

/** The buildspec that the contract's pool needs, here and in a project of AWS. */
const BUILDSPEC = commands(
  [
    'case "$MILLWRIGHT_MANIFEST" in',
    "  fail) echo why it failed; exit 3 ;;",
    "  wait) sleep 60 ;;",
    '  talk) for n in $(seq 2000); do echo "line $n €"; done ;;',
    "esac",
  ].join("\n"),
);

const machines: Machine[] = [];
afterAll(() => Promise.all(machines.map((machine) => machine.close())));

builderContract(
  "the embedded CodeBuild",
  async () => {
    const machine = await startMachine();
    machines.push(machine);
    await machine.project(`${PREFIX}pool`, BUILDSPEC, { concurrentBuildLimit: 1 });
    const { codebuild, logs } = machine;
    return { builder: codeBuildBuilder({ codebuild, logs, prefix: PREFIX }), pool: "pool" };
  },
  cannotBuild,
);

/** A project of AWS with the buildspec above, NO_SOURCE and concurrentBuildLimit 1; region and credentials are ambient. */
const real = process.env["MILLWRIGHT_CONTRACT_AWS_PROJECT"];

builderContract(
  "AWS CodeBuild",
  async () => ({
    builder: codeBuildBuilder({
      codebuild: new CodeBuildClient({}),
      logs: new CloudWatchLogsClient({}),
      prefix: "",
    }),
    pool: real ?? "",
  }),
  real ? undefined : "MILLWRIGHT_CONTRACT_AWS_PROJECT names no project",
);

describe("a CodeBuild that is busy", () => {
  test("asks to slow down, which is an answer and no error", async () => {
    const busy = await startMachine({
      faults: () => ({ when: "before", code: "ThrottlingException", message: "Rate exceeded" }),
    });
    const builder = codeBuildBuilder({ codebuild: busy.codebuild, logs: busy.logs, prefix: PREFIX });
    const order = { pool: "pool", attempt: "r#build#1", manifest: "pass", timeoutMinutes: 5 };
    expect(await builder.start(order)).toEqual({ kind: "throttled" });
    await busy.close();
  });

  test("an order it cannot take is an error", async () => {
    const machine = await startMachine();
    const builder = codeBuildBuilder({ codebuild: machine.codebuild, logs: machine.logs, prefix: PREFIX });
    const order = { pool: "none", attempt: "r#build#1", manifest: "pass", timeoutMinutes: 5 };
    await expect(builder.start(order)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await machine.close();
  });
});
