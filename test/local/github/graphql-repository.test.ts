import { afterAll, beforeAll, expect, test } from "vitest";
import { endWithoutViolations, here, stage, type Stage } from "./world.ts";

let world: Stage;

beforeAll(async () => {
  world = await stage();
});
afterAll(() => endWithoutViolations(world));

const ofRepository = (fields: string, name = "packages") =>
  world.bot
    .graphql<{ repository: unknown }>(`{ repository(owner: "maintainer", name: "${name}") { ${fields} } }`)
    .then(({ repository }) => repository);

test("levels are told of those who were given one", async () => {
  world.admin.createUser({ login: "releaser", id: 4242 });
  world.admin.addCollaborator("maintainer", "packages", { login: "releaser", level: "maintain" });
  const level = (login: string) =>
    ofRepository(
      `collaborators(first: 1, login: "${login}") { edges { permission node { databaseId login } } }`,
    );
  expect(await level("releaser")).toEqual({
    collaborators: {
      edges: [{ permission: "MAINTAIN", node: { databaseId: 4242, login: "releaser" } }],
    },
  });
  expect(await level("maintainer")).toMatchObject({ collaborators: { edges: [{ permission: "ADMIN" }] } });
  expect(await level("stranger")).toEqual({ collaborators: { edges: [] } });
});

test("a tree lists its entries, and what they hold", async () => {
  expect(
    await ofRepository(
      `object(expression: "main:") { ... on Tree { entries { name type mode object { ... on Blob { text } } } } }`,
    ),
  ).toEqual({
    object: {
      entries: [
        { name: "README.md", type: "blob", mode: 0o100644, object: { text: "# hello\n" } },
        { name: "hello", type: "tree", mode: 0o40000, object: {} },
      ],
    },
  });
});

test("binary and long files are told apart from text", async () => {
  const files = { "a.bin": Buffer.from([0, 1, 2]), "long.txt": "x".repeat(600_000) };
  const change = { by: "maintainer", branch: "files", message: "files", files };
  await world.admin.commit("maintainer", "packages", change);
  const blob = async (path: string) =>
    ofRepository(
      `object(expression: "files:${path}") { ... on Blob { isBinary isTruncated byteSize text } }`,
    ) as Promise<{ object: { text: string | null } }>;
  expect(await blob("a.bin")).toEqual({
    object: { isBinary: true, isTruncated: false, byteSize: 3, text: null },
  });
  const { object } = await blob("long.txt");
  expect(object).toMatchObject({ isBinary: false, isTruncated: true, byteSize: 600_000 });
  expect(object.text).toHaveLength(512_000);
});

test("a list comes in pages of at most a hundred, and says where the next one begins", async () => {
  const files = Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`p${at}.spec`, "Name: p\n"]));
  const change = { by: "maintainer", branch: "many", message: "many", files };
  await world.admin.commit("maintainer", "packages", change);
  const person = world.as(world.maintainer.token);
  const { data } = await person.rest.pulls.create({ ...here, title: "many", head: "many", base: "main" });
  const page = (asked: string) =>
    ofRepository(
      `pullRequest(number: ${data.number}) { files${asked} { totalCount nodes { path } pageInfo { hasNextPage endCursor } } }`,
    ) as Promise<{ pullRequest: { files: { pageInfo: { endCursor: string } } } }>;
  const first = await page("(first: 3)");
  expect(first).toMatchObject({
    pullRequest: {
      files: {
        totalCount: 5,
        nodes: [{ path: "p0.spec" }, { path: "p1.spec" }, { path: "p2.spec" }],
        pageInfo: { hasNextPage: true },
      },
    },
  });
  const { endCursor } = first.pullRequest.files.pageInfo;
  expect(await page(`(first: 3, after: "${endCursor}")`)).toMatchObject({
    pullRequest: {
      files: { nodes: [{ path: "p3.spec" }, { path: "p4.spec" }], pageInfo: { hasNextPage: false } },
    },
  });
  await expect(page("")).rejects.toThrow("You must provide a `first` or `last` value");
  await expect(page("(first: 101)")).rejects.toThrow("exceeds the `first` limit of 100 records");
});

test("a repository answers to the name it had, unless it is asked not to", async () => {
  const named = { owner: "maintainer", name: "old", files: { a: "b" } };
  await world.admin.createRepository(named);
  await world.admin.renameRepository("maintainer", "old", "new");
  expect(await ofRepository("nameWithOwner", "old")).toEqual({ nameWithOwner: "maintainer/new" });
  await expect(
    world.bot.graphql(
      `{ repository(owner: "maintainer", name: "old", followRenames: false) { nameWithOwner } }`,
    ),
  ).rejects.toThrow("Could not resolve to a Repository");
});
