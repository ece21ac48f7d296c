import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cut, type Description } from "../../../src/local/github/openapi/cut.ts";
import { openApi } from "../../../src/local/github/openapi.ts";
import { sentWebhooks } from "../../../src/local/github/openapi/wanted.ts";
import { operations } from "../../../src/local/github/operations.ts";

const file = new URL("../../../src/local/github/openapi/github.json", import.meta.url);
const held = JSON.parse(readFileSync(file, "utf8")) as Description;
const all = {
  operations: new Set(
    Object.entries(held.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    ),
  ),
  webhooks: new Set(Object.keys(held["x-webhooks"])),
};

test("cutting the cut with the same wishes changes nothing that is checked", () => {
  const again = cut(held, all);
  expect(again.paths).toEqual(held.paths);
  expect(again["x-webhooks"]).toEqual(held["x-webhooks"]);
  expect(Object.keys(again.components["schemas"] ?? {}).toSorted()).toEqual(
    Object.keys(held.components["schemas"] ?? {}).toSorted(),
  );
});

test("a cut holds what is wanted, what that leads to, and no more", () => {
  const schemas = {
    a: { type: "object", description: "words", properties: { b: { $ref: "#/components/schemas/b" } } },
    b: { type: "string", nullable: true },
    c: { type: "string" },
  };
  const answer = {
    "200": { content: { "application/json": { schema: { $ref: "#/components/schemas/a" } } } },
  };
  const whole = {
    openapi: "3.0.3",
    info: {},
    paths: { "/a": { get: { responses: answer }, delete: {} }, "/c": { get: {} } },
    "x-webhooks": { ping: {}, push: {} },
    components: { schemas },
  };
  expect(cut(whole, { operations: new Set(["get /a"]), webhooks: new Set(["ping"]) })).toEqual({
    openapi: "3.0.3",
    info: {},
    paths: { "/a": { get: { responses: answer } } },
    "x-webhooks": { ping: {} },
    components: {
      schemas: {
        a: { type: "object", properties: { b: { $ref: "#/components/schemas/b" } } },
        b: { type: ["string", "null"] },
      },
    },
  });
});

test("every operation that is served has a description", () => {
  const openapi = openApi();
  const unchecked = operations.filter((one) => !openapi.operation(one.method, one.describedBy ?? one.path));
  expect(unchecked.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

test("every webhook that may be sent has a description", () => {
  expect(Object.keys(held["x-webhooks"]).toSorted()).toEqual(sentWebhooks.toSorted());
});
