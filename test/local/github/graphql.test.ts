import { afterAll, beforeAll, expect, test } from "vitest";
import { endWithoutViolations, here, stage, type Stage } from "./world.ts";

let world: Stage;
let main: string;
let repository: string;

beforeAll(async () => {
  world = await stage();
  const { data } = await world.bot.rest.git.getRef({ ...here, ref: "heads/main" });
  main = data.object.sha;
  repository = (await world.bot.rest.repos.get(here)).data.node_id;
});
afterAll(() => endWithoutViolations(world));

interface Refused {
  readonly errors: readonly {
    readonly type?: string;
    readonly message: string;
    readonly path?: readonly string[];
  }[];
  readonly data: Record<string, unknown> | undefined;
}

const refused = async (call: Promise<unknown>): Promise<Refused> =>
  call.then(
    () => {
      throw new Error("it was not refused");
    },
    (error: Refused) => error,
  );

const create = (asked: Record<string, unknown>) =>
  world.bot.graphql<{ createCheckRun: { checkRun: { id: string; databaseId: number; status: string } } }>(
    `mutation($input: CreateCheckRunInput!) {
      createCheckRun(input: $input) { clientMutationId checkRun { id databaseId status } }
    }`,
    { input: { repositoryId: repository, headSha: main, name: "build", ...asked } },
  );

const update = (asked: Record<string, unknown>) =>
  world.bot.graphql(
    `mutation($input: UpdateCheckRunInput!) { updateCheckRun(input: $input) { checkRun { status } } }`,
    { input: { repositoryId: repository, ...asked } },
  );

test("a check run made by GraphQL is the one that REST shows, with all that was said", async () => {
  const output = {
    title: "Failed",
    summary: "one **error**",
    text: "log",
    annotations: [
      {
        path: "hello/hello.spec",
        annotationLevel: "WARNING",
        location: { startLine: 2, endLine: 2, startColumn: 1, endColumn: 4 },
        message: "an old version",
        title: "Version",
        rawDetails: "1.0",
      },
    ],
  };
  const actions = [{ label: "Again", description: "Build again", identifier: "again" }];
  const asked = {
    externalId: "run/1",
    detailsUrl: "https://example.org/1",
    startedAt: "2026-01-02T03:04:05Z",
    completedAt: "2026-01-02T03:05:05Z",
    status: "COMPLETED",
    conclusion: "FAILURE",
    clientMutationId: "mine",
    output,
    actions,
  };
  const { createCheckRun } = await create(asked);
  expect(createCheckRun).toMatchObject({ clientMutationId: "mine", checkRun: { status: "COMPLETED" } });
  const { data } = await world.bot.rest.checks.get({
    ...here,
    check_run_id: createCheckRun.checkRun.databaseId,
  });
  expect(data).toMatchObject({
    node_id: createCheckRun.checkRun.id,
    name: "build",
    head_sha: main,
    external_id: "run/1",
    details_url: "https://example.org/1",
    started_at: "2026-01-02T03:04:05Z",
    completed_at: "2026-01-02T03:05:05Z",
    conclusion: "failure",
    output: { title: "Failed", summary: "one **error**", text: "log", annotations_count: 1 },
  });
  const notes = await world.bot.rest.checks.listAnnotations({ ...here, check_run_id: data.id });
  expect(notes.data[0]).toMatchObject({ annotation_level: "warning", start_column: 1, raw_details: "1.0" });
});

test("many writes go in one request, one after the other", async () => {
  await world.admin.settled();
  world.hooks.heard.length = 0;
  world.admin.forgetCalls();
  const names = ["a", "b", "c"];
  const fields = names.map(
    (name) =>
      `${name}: createCheckRun(input: {repositoryId: "${repository}", headSha: "${main}", name: "${name}", status: QUEUED}) { checkRun { name } }`,
  );
  const answer = await world.bot.graphql<Record<string, { checkRun: { name: string } }>>(
    `mutation { ${fields.join("\n")} }`,
  );
  expect(Object.values(answer).map(({ checkRun }) => checkRun.name)).toEqual(names);
  expect(world.admin.calls().filter(({ route }) => route === "/graphql")).toMatchObject([
    { operation: "createCheckRun x3", count: 3, status: 200 },
  ]);
  await world.admin.settled();
  const told = world.hooks.heard.filter(({ event }) => event === "check_run");
  expect(told.map(({ payload }) => (payload["check_run"] as { name: string }).name).toSorted()).toEqual(
    names,
  );
});

test("what is wrong with one of many leaves the others done", async () => {
  const { createCheckRun } = await create({ name: "there" });
  const { id, databaseId } = createCheckRun.checkRun;
  const { errors, data } = await refused(
    world.bot.graphql(
      `mutation($repository: ID!, $id: ID!, $long: String!) {
        good: updateCheckRun(input: {repositoryId: $repository, checkRunId: $id, conclusion: SUCCESS}) { checkRun { conclusion } }
        absent: updateCheckRun(input: {repositoryId: $repository, checkRunId: "CR_nothing", conclusion: SUCCESS}) { checkRun { conclusion } }
        long: updateCheckRun(input: {repositoryId: $repository, checkRunId: $id, output: {title: "t", summary: $long}}) { checkRun { conclusion } }
      }`,
      { repository, id, long: "x".repeat(65_536) },
    ),
  );
  expect(data).toEqual({ good: { checkRun: { conclusion: "SUCCESS" } }, absent: null, long: null });
  expect(errors).toMatchObject([
    { type: "NOT_FOUND", path: ["absent"] },
    { type: "UNPROCESSABLE", path: ["long"], message: expect.stringContaining("65536 were supplied") },
  ]);
  const { data: run } = await world.bot.rest.checks.get({ ...here, check_run_id: databaseId });
  expect(run.conclusion).toBe("success");
});

test("a commit that is not there is refused, as by REST", async () => {
  const { errors } = await refused(create({ headSha: "f".repeat(40) }));
  expect(errors).toMatchObject([{ type: "UNPROCESSABLE", message: expect.stringContaining("No commit") }]);
});

test("a token that may not write checks is told so, and strangers and people as well", async () => {
  const { data } = await world.app.rest.apps.createInstallationAccessToken({
    installation_id: world.installation.id,
    permissions: { contents: "read" },
  });
  const mutation = `mutation { createCheckRun(input: {repositoryId: "${repository}", headSha: "${main}", name: "x"}) { checkRun { id } } }`;
  const tokens = [data.token, world.stranger.token, world.maintainer.token];
  for (const token of tokens) {
    const { errors } = await refused(world.as(token).graphql(mutation));
    expect(errors).toMatchObject([{ type: "FORBIDDEN", path: ["createCheckRun"] }]);
  }
  await expect(world.nobody.graphql(mutation)).rejects.toMatchObject({ status: 401 });
});

test("a repository that the app cannot see is not there", async () => {
  const files = { a: "b" };
  const hidden = { owner: "maintainer", name: "hidden", private: true, files };
  await world.admin.createRepository(hidden);
  const person = world.as(world.maintainer.token);
  const { data } = await person.rest.repos.get({ owner: "maintainer", repo: "hidden" });
  const byName = `{ repository(owner: "maintainer", name: "hidden") { id } }`;
  const { errors } = await refused(world.bot.graphql(byName));
  expect(errors).toMatchObject([
    {
      type: "NOT_FOUND",
      message: "Could not resolve to a Repository with the name 'maintainer/hidden'.",
    },
  ]);
  expect(await person.graphql(byName)).toEqual({ repository: { id: data.node_id } });
  const byId = await refused(create({ repositoryId: data.node_id }));
  expect(byId.errors).toMatchObject([{ type: "NOT_FOUND" }]);
});

test("a pull request, its files and the files' text come in one answer", async () => {
  const change = { by: "maintainer", branch: "topic", message: "b", files: { "a.spec": "Name: a\n" } };
  const head = await world.admin.commit("maintainer", "packages", change);
  const person = world.as(world.maintainer.token);
  const { data: pull } = await person.rest.pulls.create({ ...here, title: "a", head: "topic", base: "main" });
  const answer = await world.bot.graphql(
    `query($spec: String!) {
      repository(owner: "maintainer", name: "packages") {
        pullRequest(number: ${pull.number}) {
          id state headRefOid baseRefName baseRefOid isCrossRepository changedFiles
          author { login ... on User { databaseId } }
          files(first: 100) { totalCount pageInfo { hasNextPage } nodes { path additions changeType } }
        }
        text: object(expression: $spec) { ... on Blob { text isBinary byteSize isTruncated oid } }
        nothing: object(expression: "main:nothing.spec") { oid }
        defaultBranchRef { name target { oid } }
      }
    }`,
    { spec: `${head}:a.spec` },
  );
  expect(answer).toEqual({
    repository: {
      pullRequest: {
        id: pull.node_id,
        state: "OPEN",
        headRefOid: head,
        baseRefName: "main",
        baseRefOid: main,
        isCrossRepository: false,
        changedFiles: 1,
        author: { login: "maintainer", databaseId: world.maintainer.id },
        files: {
          totalCount: 1,
          pageInfo: { hasNextPage: false },
          nodes: [{ path: "a.spec", additions: 1, changeType: "ADDED" }],
        },
      },
      text: {
        text: "Name: a\n",
        isBinary: false,
        byteSize: 8,
        isTruncated: false,
        oid: expect.stringMatching(/^[0-9a-f]{40}$/),
      },
      nothing: null,
      defaultBranchRef: { name: "main", target: { oid: main } },
    },
  });
});

test("the checks of a commit are found by app and name, and by their ids", async () => {
  const { createCheckRun } = await create({ name: "twice", conclusion: "FAILURE" });
  await create({ name: "twice", conclusion: "SUCCESS" });
  const answer = await world.bot.graphql<{
    repository: { object: { checkSuites: { nodes: [Record<string, { nodes: unknown[] }>] } } };
  }>(
    `{ repository(owner: "maintainer", name: "packages") { object(oid: "${main}") { ... on Commit {
      checkSuites(first: 1, filterBy: {appId: 7}) { nodes {
        latest: checkRuns(first: 9, filterBy: {checkName: "twice"}) { nodes { conclusion } }
        all: checkRuns(first: 9, filterBy: {checkName: "twice", checkType: ALL}) { nodes { conclusion } }
      } }
    } } } }`,
  );
  expect(answer.repository.object.checkSuites.nodes[0]).toEqual({
    latest: { nodes: [{ conclusion: "SUCCESS" }] },
    all: { nodes: [{ conclusion: "SUCCESS" }, { conclusion: "FAILURE" }] },
  });
  const { node } = await world.bot.graphql<{ node: unknown }>(
    `query($id: ID!) { node(id: $id) { ... on CheckRun { name checkSuite { app { slug } commit { oid } } } } }`,
    { id: createCheckRun.checkRun.id },
  );
  expect(node).toEqual({ name: "twice", checkSuite: { app: { slug: "bot" }, commit: { oid: main } } });
});

test("webhooks carry the ids that GraphQL takes", async () => {
  world.hooks.heard.length = 0;
  const { createCheckRun } = await create({ name: "told" });
  await world.admin.settled();
  const told = world.hooks.heard.find(({ event }) => event === "check_run")?.payload;
  expect(told).toMatchObject({
    repository: { node_id: repository },
    check_run: { node_id: createCheckRun.checkRun.id },
  });
});

test("a completed run stays completed, and may still change its mind", async () => {
  const { createCheckRun } = await create({ name: "done", conclusion: "FAILURE" });
  const { id, databaseId } = createCheckRun.checkRun;
  await update({ checkRunId: id, status: "IN_PROGRESS" });
  const shown = async () => (await world.bot.rest.checks.get({ ...here, check_run_id: databaseId })).data;
  expect(await shown()).toMatchObject({ status: "completed", conclusion: "failure" });
  await update({ checkRunId: id, conclusion: "SUCCESS" });
  expect(await shown()).toMatchObject({ status: "completed", conclusion: "success" });
});

test("the rate of GraphQL is counted apart from REST's", async () => {
  interface Rate {
    readonly rateLimit: { readonly remaining: number; readonly limit: number; readonly cost: number };
  }
  const rate = () => world.bot.graphql<Rate>("{ rateLimit { cost limit remaining resetAt used nodeCount } }");
  const first = await rate();
  await world.bot.rest.repos.get(here);
  const second = await rate();
  expect(second.rateLimit.remaining).toBe(first.rateLimit.remaining - 1);
});
