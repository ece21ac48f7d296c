import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  BatchGetBuildsCommand,
  BatchGetProjectsCommand,
  CreateProjectCommand,
  ListBuildsForProjectCommand,
  ListProjectsCommand,
  RetryBuildCommand,
  StartBuildCommand,
  StopBuildCommand,
  UpdateProjectCommand,
} from "@aws-sdk/client-codebuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  because,
  cannotBuild,
  clientsOf,
  commands,
  CREDENTIALS,
  type Machine,
  OFFLINE,
  over,
  printed,
  processesWith,
  projectOf,
  startMachine,
  until,
} from "./machine.ts";

describe("projects", () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await startMachine();
  });
  afterAll(() => machine.close());

  test("a project is found as it was made, and changed where it is updated", async () => {
    await machine.project("kept", commands("true"), {
      ...OFFLINE,
      concurrentBuildLimit: 2,
      description: "why",
    });
    await machine.codebuild.send(new UpdateProjectCommand({ name: "kept", timeoutInMinutes: 7 }));
    const { projects, projectsNotFound } = await machine.codebuild.send(
      new BatchGetProjectsCommand({ names: ["kept", "other"] }),
    );
    expect(projectsNotFound).toEqual(["other"]);
    expect(projects?.[0]).toMatchObject({
      ...projectOf("kept", commands("true")),
      ...OFFLINE,
      description: "why",
      concurrentBuildLimit: 2,
      timeoutInMinutes: 7,
      arn: "arn:aws:codebuild:eu-central-1:000000000000:project/kept",
    });
    expect(projects?.[0]?.created).toBeInstanceOf(Date);
  });

  test("a project is made once, and listed by name", async () => {
    await machine.project("b-project", commands("true"));
    await machine.project("a-project", commands("true"));
    await expect(machine.project("b-project", commands("true"))).rejects.toMatchObject({
      name: "ResourceAlreadyExistsException",
    });
    const { projects } = await machine.codebuild.send(new ListProjectsCommand({}));
    expect(projects).toEqual(expect.arrayContaining(["a-project", "b-project"]));
    expect(projects).toEqual(projects?.toSorted());
  });

  test("what cannot be done here is refused at once", async () => {
    const source = { type: "GITHUB" as const, location: "https://example.org/x.git" };
    const made = machine.codebuild.send(new CreateProjectCommand({ ...projectOf("sourced", ""), source }));
    await expect(made).rejects.toMatchObject({ name: "InvalidInputException" });
    const started = machine.codebuild.send(new StartBuildCommand({ projectName: "missing" }));
    await expect(started).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  test("a request with a wrong or unknown key is refused", async () => {
    const list = (credentials: typeof CREDENTIALS) =>
      clientsOf(machine.server.url, credentials).codebuild.send(new ListProjectsCommand({}));
    await expect(list({ ...CREDENTIALS, secretAccessKey: "wrong" })).rejects.toMatchObject({
      name: "InvalidSignatureException",
    });
    await expect(list({ ...CREDENTIALS, accessKeyId: "constructor" })).rejects.toMatchObject({
      name: "UnrecognizedClientException",
    });
    const unsigned = await fetch(machine.server.url, {
      method: "POST",
      headers: { "x-amz-target": "CodeBuild_20161006.ListProjects" },
      body: "{}",
    });
    expect(await unsigned.json()).toMatchObject({ __type: "MissingAuthenticationTokenException" });
  });

  test("a key may do only what it is allowed to", async () => {
    const strict = await startMachine({ allow: (_key, action) => action === "codebuild:ListProjects" });
    await strict.codebuild.send(new ListProjectsCommand({}));
    await expect(strict.project("denied", commands("true"))).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
    await strict.close();
  });
});

describe.skipIf(cannotBuild !== undefined)(`builds${because(cannotBuild)}`, () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await startMachine();
  });
  afterAll(() => machine.close());

  const start = (projectName: string, more: object = {}) =>
    machine.codebuild.send(new StartBuildCommand({ projectName, ...more }));

  test("the same token is the same build, and another build is another mistake", async () => {
    await machine.project("tokens", commands("true"));
    const one = await start("tokens", { idempotencyToken: "t1", timeoutInMinutesOverride: 9 });
    const same = await start("tokens", { timeoutInMinutesOverride: 9, idempotencyToken: "t1" });
    expect(same.build?.id).toBe(one.build?.id);
    await expect(
      start("tokens", { idempotencyToken: "t1", timeoutInMinutesOverride: 10 }),
    ).rejects.toMatchObject({
      name: "InvalidInputException",
    });
    const other = await start("tokens", { idempotencyToken: "t2", timeoutInMinutesOverride: 9 });
    expect(other.build?.id).not.toBe(one.build?.id);
  });

  test("a project with as many builds as it may have takes no other until one is over", async () => {
    await machine.project("slots", commands("sleep 60"), { concurrentBuildLimit: 1 });
    const { build } = await start("slots");
    await expect(start("slots")).rejects.toMatchObject({
      name: "AccountLimitExceededException",
      message: "Cannot have more than 1 builds in queue for the account",
    });
    await machine.codebuild.send(new StopBuildCommand({ id: build!.id! }));
    const next = await start("slots");
    await machine.codebuild.send(new StopBuildCommand({ id: next.build!.id! }));
  });

  test("a retry is another build with the same overrides", async () => {
    await machine.project("again", commands("echo $WHAT"));
    const first = await machine.build("again", {
      environmentVariablesOverride: [{ name: "WHAT", value: "this" }],
    });
    const { build } = await machine.codebuild.send(new RetryBuildCommand({ id: first.id }));
    const second = await over(machine.codebuild, build!.id!);
    expect(second.id).not.toBe(first.id);
    expect(second.buildNumber).toBe(first.buildNumber! + 1);
    expect(printed(await machine.log(second))).toBe("this");
  });

  test("builds are found by id or ARN, and listed page by page, newest first", async () => {
    await machine.project("listed", "not a buildspec");
    const ids: string[] = [];
    for (let number = 0; number < 103; number++) ids.push((await machine.build("listed")).id!);
    const first = await machine.codebuild.send(new ListBuildsForProjectCommand({ projectName: "listed" }));
    const rest = await machine.codebuild.send(
      new ListBuildsForProjectCommand({ projectName: "listed", nextToken: first.nextToken }),
    );
    expect(first.ids).toHaveLength(100);
    expect([...(first.ids ?? []), ...(rest.ids ?? [])]).toEqual(ids.toReversed());
    expect(rest.nextToken).toBeUndefined();
    const sorted = new ListBuildsForProjectCommand({ projectName: "listed", sortOrder: "ASCENDING" });
    await expect(machine.codebuild.send(sorted)).rejects.toMatchObject({ name: "InvalidInputException" });
    const arn = `arn:aws:codebuild:eu-central-1:000000000000:build/${ids[0]}`;
    const got = await machine.codebuild.send(new BatchGetBuildsCommand({ ids: [arn, "listed:none"] }));
    expect(got.builds?.map(({ id }) => id)).toEqual([ids[0]]);
    expect(got.buildsNotFound).toEqual(["listed:none"]);
  });

  test("a log is read page by page from its head or its tail, and its end gives the same token again", async () => {
    await machine.project("logged", commands("seq 1 50"));
    const build = await machine.build("logged");
    const read = async (more: object) => {
      const { groupName, streamName } = build.logs ?? {};
      const page = await machine.logs.send(
        new GetLogEventsCommand({ logGroupName: groupName, logStreamName: streamName!, limit: 40, ...more }),
      );
      return { ...page, lines: (page.events ?? []).map(({ message }) => message!) };
    };
    const all = (await machine.log(build)).split(/(?<=\n)/);

    const head = await read({ startFromHead: true });
    const forth = await read({ startFromHead: true, nextToken: head.nextForwardToken });
    expect([...head.lines, ...forth.lines]).toEqual(all.slice(0, 80));
    const end = await read({ startFromHead: true, nextToken: forth.nextForwardToken });
    const again = await read({ startFromHead: true, nextToken: end.nextForwardToken });
    expect(again.nextForwardToken).toBe(end.nextForwardToken);

    const tail = await read({});
    expect(tail.lines).toEqual(all.slice(-40));
    const back = await read({ nextToken: tail.nextBackwardToken });
    expect(back.lines).toEqual(all.slice(-80, -40));

    await expect(read({ nextToken: head.nextForwardToken })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    const none = new GetLogEventsCommand({ logGroupName: "/aws/codebuild/logged", logStreamName: "none" });
    await expect(machine.logs.send(none)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  test("a build tells its beginning, each phase and one end, in EventBridge's words", async () => {
    await machine.project("told", commands("false"));
    const build = await machine.build("told");
    await expect
      .poll(() => machine.events.filter(isFinal).map(({ resources }) => resources[0]))
      .toContain(build.arn);
    const mine = machine.events.filter(({ resources }) => resources[0] === build.arn);
    const states = mine.filter((event) => event["detail-type"] === "CodeBuild Build State Change");
    expect(states.map(({ detail }) => detail["build-status"])).toEqual(["IN_PROGRESS", "FAILED"]);
    expect(states.at(-1)).toMatchObject({
      version: "0",
      source: "aws.codebuild",
      account: "000000000000",
      region: "eu-central-1",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      resources: [build.arn],
      detail: {
        version: "1",
        "build-status": "FAILED",
        "project-name": "told",
        "build-id": build.arn,
        "current-phase": "COMPLETED",
        "current-phase-context": "[]",
        "additional-information": {
          "build-complete": true,
          "build-start-time": expect.stringMatching(/^[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M$/),
          environment: { image: "standard", "privileged-mode": false, type: "LINUX_CONTAINER" },
          logs: { "group-name": "/aws/codebuild/told", "stream-name": build.logs?.streamName },
          source: { type: "NO_SOURCE" },
        },
      },
    });
    const phases = mine.filter((event) => event["detail-type"] === "CodeBuild Build Phase Change");
    expect(phases.map(({ detail }) => detail["completed-phase"])).toEqual(PHASES);
    expect(phases.find(({ detail }) => detail["completed-phase"] === "BUILD")?.detail).toMatchObject({
      "completed-phase-status": "FAILED",
      "completed-phase-context":
        "[COMMAND_EXECUTION_ERROR: Error while executing command: false. Reason: exit status 1]",
    });
  });

  test("a planted fault before an operation prevents it, and one after it loses only the answer", async () => {
    const faults = new Map<string, "before" | "after">();
    const own = await startMachine({
      faults: (operation) => {
        const when = faults.get(operation);
        faults.delete(operation);
        return when && { when, code: "ThrottlingException", message: "Rate exceeded" };
      },
    });
    const ids = async () =>
      (await own.codebuild.send(new ListBuildsForProjectCommand({ projectName: "faulty" }))).ids;
    await own.project("faulty", commands("true"));
    const again = new StartBuildCommand({ projectName: "faulty" });
    faults.set("StartBuild", "before");
    await expect(own.codebuild.send(again)).rejects.toMatchObject({ name: "ThrottlingException" });
    expect(await ids()).toHaveLength(0);
    faults.set("StartBuild", "after");
    await expect(own.codebuild.send(again)).rejects.toThrow("Rate exceeded");
    expect(await ids()).toHaveLength(1);
    await own.close();
  });

  test("a server that is killed takes its builds with it; the next tells of them and keeps the rest", async () => {
    const dir = await mkdtemp(path.join(tmpdir(), "codebuild-killed-"));
    const child = spawn(process.execPath, [fileURLToPath(new URL("./serve.ts", import.meta.url)), dir, "9"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [url] = (await once(child.stdout, "data")) as [Buffer];
    const { codebuild } = clientsOf(url.toString().trim());
    const word = `86402.${process.pid}`;
    await codebuild.send(new CreateProjectCommand(projectOf("quick", commands("echo done"))));
    await codebuild.send(
      new CreateProjectCommand({ ...projectOf("slow", commands(`sleep ${word}`)), ...OFFLINE }),
    );
    const quick = await codebuild.send(new StartBuildCommand({ projectName: "quick" }));
    const before = await over(codebuild, quick.build!.id!);
    const slow = await codebuild.send(new StartBuildCommand({ projectName: "slow", idempotencyToken: "t" }));
    await until(codebuild, slow.build!.id!, "BUILD");
    await expect.poll(() => processesWith(word)).toHaveLength(1);

    child.kill("SIGKILL");
    await once(child, "close");
    await expect.poll(() => processesWith(word)).toEqual([]);

    const next = await startMachine({ dir });
    const lost = await over(next.codebuild, slow.build!.id!);
    expect(lost.buildStatus).toBe("FAULT");
    expect(lost.phases?.map(({ phaseType, phaseStatus }) => [phaseType, phaseStatus]).slice(-2)).toEqual([
      ["BUILD", "FAULT"],
      ["COMPLETED", undefined],
    ]);
    await expect
      .poll(() => next.events.filter(isFinal).map(({ resources }) => resources[0]))
      .toEqual([lost.arn]);
    expect(await over(next.codebuild, quick.build!.id!)).toEqual(before);
    expect(printed(await next.log(before))).toBe("done");
    const same = new StartBuildCommand({ projectName: "slow", idempotencyToken: "t" });
    expect((await next.codebuild.send(same)).build?.id).toBe(lost.id);
    await next.close();
    await rm(dir, { recursive: true });
  });
});

const PHASES = [
  "SUBMITTED",
  "QUEUED",
  "PROVISIONING",
  "DOWNLOAD_SOURCE",
  "INSTALL",
  "PRE_BUILD",
  "BUILD",
  "POST_BUILD",
  "UPLOAD_ARTIFACTS",
  "FINALIZING",
];

const isFinal = (event: Machine["events"][number]): boolean =>
  event["detail-type"] === "CodeBuild Build State Change" && event.detail["build-status"] !== "IN_PROGRESS";
