import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StartBuildCommand, StopBuildCommand } from "@aws-sdk/client-codebuild";
import { because, cannotBuild, commands, type Machine, phasesOf, printed, startMachine } from "./machine.ts";

const spec = (content: object): string => JSON.stringify({ version: 0.2, ...content });

describe.skipIf(cannotBuild !== undefined)(`the phases of a build${because(cannotBuild)}`, () => {
  let machine: Machine;
  let count = 0;
  beforeAll(async () => {
    machine = await startMachine({ minute: 100 });
  });
  afterAll(() => machine.close());

  async function run(
    buildspec: string,
    settings: Parameters<Machine["build"]>[1] & { minutes?: number } = {},
  ) {
    const { minutes = 2000, ...overrides } = settings;
    const name = `phases-${(count += 1)}`;
    await machine.project(name, buildspec, { timeoutInMinutes: minutes });
    const build = await machine.build(name, overrides);
    const log = await machine.log(build);
    return { build, log, phases: phasesOf(build), text: printed(log) };
  }

  test("all commands share variables, functions and the directory", async () => {
    const { text, build } = await run(
      spec({
        phases: {
          install: { commands: ["A=kept", "twice() { echo $1 $1; }", "cd /tmp"] },
          build: { commands: ["twice $A", "pwd"] },
        },
      }),
    );
    expect(build.buildStatus).toBe("SUCCEEDED");
    expect(text).toBe("kept kept\n/tmp");
  });

  test("a command that ends the shell fails with its status, and what was exported lives on", async () => {
    const { text, phases, log } = await run(
      spec({
        phases: {
          build: { commands: ["export A=kept; cd /var/tmp; exit 7", "echo never"] },
          post_build: { commands: ["echo $A; pwd"] },
        },
      }),
    );
    expect(text).toBe("kept\n/var/tmp");
    expect(phases).toMatchObject({ BUILD: "FAILED", POST_BUILD: "SUCCEEDED" });
    expect(log).toContain("exit status 7");
  });

  test("an item of many lines is one command with the status of its last line", async () => {
    const { text, build } = await run(commands("false\necho second\n", "printf '%s\\n' end"));
    expect(build.buildStatus).toBe("SUCCEEDED");
    expect(text.split("\n").filter((line) => !line.startsWith("echo"))).toEqual(["", "second", "end"]);
  });

  test("bash is the shell if the buildspec says so, and sh if it says nothing", async () => {
    const array = "a=(1 2 3); echo ${#a[@]}";
    const bash = await run(spec({ env: { shell: "bash" }, phases: { build: { commands: [array] } } }));
    expect(bash.text).toBe("3");
    const sh = await run(commands(array));
    expect(sh.build.buildStatus).toBe("FAILED");
  });

  test("a syntax error fails the command and not the machine", async () => {
    const { build } = await run(commands("if then fi ((", "echo never"));
    expect(build.buildStatus).toBe("FAILED");
    expect(phasesOf(build)).toMatchObject({ BUILD: "FAILED", FINALIZING: "SUCCEEDED" });
  });

  test.each([
    { failing: "install", follow: "by default", after: [] },
    { failing: "pre_build", follow: "by default", after: [] },
    { failing: "build", follow: "by default", after: ["POST_BUILD", "UPLOAD_ARTIFACTS"] },
    { failing: "post_build", follow: "by default", after: ["UPLOAD_ARTIFACTS"] },
    { failing: "build", follow: "ABORT", after: ["UPLOAD_ARTIFACTS"] },
    {
      failing: "install",
      follow: "CONTINUE",
      after: ["PRE_BUILD", "BUILD", "POST_BUILD", "UPLOAD_ARTIFACTS"],
    },
  ])("when $failing fails, on failure $follow, $after follow", async ({ failing, follow, after }) => {
    const { build, phases } = await run(
      spec({
        phases: {
          [failing]: { commands: ["false"], ...(/^[A-Z]+$/.test(follow) && { "on-failure": follow }) },
        },
      }),
    );
    expect(build.buildStatus).toBe("FAILED");
    expect(phases[failing.toUpperCase()]).toBe("FAILED");
    const names = Object.keys(phases);
    expect(names.slice(names.indexOf(failing.toUpperCase()) + 1)).toEqual([
      ...after,
      "FINALIZING",
      "COMPLETED",
    ]);
  });

  test("finally runs after a failure, and can fail a phase by itself", async () => {
    const failed = await run(
      spec({ phases: { build: { commands: ["false", "echo never"], finally: ["echo at last"] } } }),
    );
    expect(failed.text).toBe("at last");
    const only = await run(spec({ phases: { build: { commands: ["true"], finally: ["false"] } } }));
    expect(only.phases["BUILD"]).toBe("FAILED");
  });

  test("a later phase knows whether the build still succeeds", async () => {
    const tell = "echo $CODEBUILD_BUILD_SUCCEEDING";
    const { text } = await run(
      spec({ phases: { build: { commands: [tell, "false"] }, post_build: { commands: [tell] } } }),
    );
    expect(text).toBe("1\n0");
  });

  test("variables of the start win over the project's, and these over the buildspec's", async () => {
    const name = `phases-${(count += 1)}`;
    const variables = { A: "buildspec", B: "buildspec", C: "buildspec", D: "$A not expanded" };
    const content = spec({ env: { variables }, phases: { build: { commands: ['echo "$A $B $C $D"'] } } });
    await machine.project(name, content, {
      environment: {
        type: "LINUX_CONTAINER",
        image: "standard",
        computeType: "BUILD_GENERAL1_SMALL",
        environmentVariables: [
          { name: "B", value: "project" },
          { name: "C", value: "project" },
        ],
      },
    });
    const build = await machine.build(name, {
      environmentVariablesOverride: [{ name: "C", value: "start" }],
    });
    expect(printed(await machine.log(build))).toBe("buildspec project start $A not expanded");
  });

  test("the environment is CodeBuild's and the role's, and has nothing of the server's", async () => {
    process.env["SERVERS_OWN"] = "secret";
    const { text, build } = await run(commands("env"));
    const names = text.split("\n").map((line) => line.split("=")[0]);
    expect(names).not.toContain("SERVERS_OWN");
    expect(text).toContain(`CODEBUILD_BUILD_ID=${build.id}`);
    expect(text).toContain("CODEBUILD_CI=true");
    expect(text).toContain("AWS_REGION=eu-central-1");
    expect(text).toContain("ROLE=of the project");
  });

  test("exported variables are told with the build", async () => {
    const { build } = await run(
      spec({
        env: { "exported-variables": ["VERSION", "LINES", "AWS_SECRET"] },
        phases: { build: { commands: ["VERSION=1.2; LINES='a\nb'; export AWS_SECRET=x"] } },
      }),
    );
    expect(build.exportedEnvironmentVariables).toEqual([
      { name: "VERSION", value: "1.2" },
      { name: "LINES", value: "a\nb" },
    ]);
  });

  test("a buildspec that cannot be read fails the download of the source", async () => {
    const { phases, build } = await run("version: 0.2\nphases:\n  build:\n    commands: {a: b}\n");
    expect(phases["DOWNLOAD_SOURCE"]).toBe("FAILED");
    const context = build.phases?.find(({ phaseType }) => phaseType === "DOWNLOAD_SOURCE")?.contexts?.[0];
    expect(context?.statusCode).toBe("YAML_FILE_ERROR");
    expect(context?.message).toContain("phases.build.commands");
  });

  test("an image without a root fails the provisioning", async () => {
    const { phases, build } = await run(commands("true"), { imageOverride: "unknown/image:1" });
    expect(phases["PROVISIONING"]).toBe("FAILED");
    expect(build.buildStatus).toBe("FAILED");
  });

  test("a root in which nothing runs is a fault of the machine, with its words", async () => {
    const empty = await mkdtemp(path.join(tmpdir(), "empty-root-"));
    const broken = await startMachine({ roots: async () => ({ kind: "directory", path: empty }) });
    await broken.project("broken", commands("true"));
    const build = await broken.build("broken");
    await broken.close();
    await rm(empty, { recursive: true });
    expect(build.buildStatus).toBe("FAULT");
    const context = build.phases?.find(({ phaseType }) => phaseType === "PROVISIONING")?.contexts?.[0];
    expect(context?.message).toMatch(/the sandbox did not open: bwrap: .*\/bin\/sh/);
  });

  test("a build whose root is still being made can be stopped", async () => {
    const slow = await startMachine({ roots: () => new Promise(() => undefined) });
    await slow.project("slow", commands("true"));
    const { build } = await slow.codebuild.send(new StartBuildCommand({ projectName: "slow" }));
    const stopped = await slow.codebuild.send(new StopBuildCommand({ id: build!.id! }));
    expect(stopped.build?.buildStatus).toBe("STOPPED");
    await slow.close();
  });

  test("a build that takes too long times out", async () => {
    const { build, phases } = await run(commands("sleep 60"), { minutes: 5 });
    expect(build.buildStatus).toBe("TIMED_OUT");
    expect(phases["BUILD"]).toBe("TIMED_OUT");
  });

  test("the words of a failure are CodeBuild's", async () => {
    const { build, log } = await run(commands("echo about to fail; exit 2"));
    expect(build.phases?.find(({ phaseType }) => phaseType === "BUILD")?.contexts).toEqual([
      {
        statusCode: "COMMAND_EXECUTION_ERROR",
        message: "Error while executing command: echo about to fail; exit 2. Reason: exit status 2",
      },
    ]);
    expect(log).toMatch(/^\[Container\] \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{6} Entering phase BUILD$/m);
    expect(log).toMatch(/ Running command echo about to fail; exit 2$/m);
    expect(log).toMatch(/ Command did not exit successfully echo about to fail; exit 2 exit status 2$/m);
    expect(log).toMatch(/ Phase complete: BUILD State: FAILED$/m);
    expect(log).toMatch(
      / Phase context status code: COMMAND_EXECUTION_ERROR Message: Error while executing/m,
    );
  });

  test("output without a last newline stays with its command", async () => {
    const { text } = await run(commands("printf half", "echo whole"));
    expect(text).toBe("half\nwhole");
  });

  test("a build that is over cannot be stopped any more", async () => {
    const { build } = await run(commands("true"));
    const stopped = await machine.codebuild.send(new StopBuildCommand({ id: build.id }));
    expect(stopped.build?.buildStatus).toBe("SUCCEEDED");
  });
});
