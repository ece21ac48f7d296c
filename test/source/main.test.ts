import { expect, test } from "vitest";
import { runStage, TOKEN } from "./run-stage.ts";

async function stage(spec: string) {
  const { bucket, ...ended } = await runStage({
    files: { "hello/hello.spec": spec },
    manifest: () => ({
      job: "run#source#1",
      recipe: { kind: "rpm", name: "hello", path: "hello/hello.spec" },
      hosts: {},
    }),
  });
  return { ...ended, uploaded: bucket.order };
}

test("the program ends with 0, leaves three files and nothing in its temporary directory", async () => {
  const ended = await stage("Name: hello\nVersion: 1\nRelease: 1\n");
  expect(ended).toMatchObject({
    code: 0,
    left: [],
    uploaded: ["bundle.tar", "recipe.spec", "facts.json", "SHA256SUMS"],
  });
  expect(ended.log).not.toContain(TOKEN);
});

test("the repository's fault is exit 2 and a sentence with file and line", async () => {
  const ended = await stage("Name: hello\nVersion: 1\nRelease: 1\nSource0: https://evil.example/a.tgz\n");
  expect(ended).toMatchObject({ code: 2, left: [], uploaded: [] });
  expect(ended.log).toContain(
    "millwright: refused: hello/hello.spec:4: https://evil.example/a.tgz is not fetched: the host evil.example is not allowed here.\n",
  );
});
