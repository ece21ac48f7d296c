import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readMade } from "../../src/pipelines/service/update-made.ts";
import type { Files } from "./git-server.ts";
import { runStage, TOKEN } from "./run-stage.ts";

const spec = (version: string): string =>
  `Name: hello\nVersion: ${version}\nRelease: 1\nSource0: https://files.example/hello-%{version}.bin\n`;

const RECOMPRESS = `<services>
  <service name="recompress" mode="manual"><param name="file">notes.txt</param><param name="compression">gz</param></service>
</services>
`;
const DOWNLOAD = `<services>
  <service name="download_url" mode="manual"><param name="url">https://files.example/away.txt</param></service>
</services>
`;

/** Runs the stage for a commit that speaks of version 2 where version 1 was before. */
const stage = (files: Files) =>
  runStage({
    files: { "pkg/hello.spec": spec("2"), "pkg/hello-1.bin": "old", ...files },
    served: { "/hello-2.bin": Buffer.from([0, 255, 254]) },
    manifest: (origin) => ({
      job: "run#source/update:hello#1",
      recipe: { kind: "rpm", name: "hello", path: "pkg/hello.spec" },
      hosts: { "files.example": origin },
      update: { spec: spec("1") },
    }),
  });

test("the source stage of an update runs its services and leaves what they changed, and nothing else", async () => {
  const { code, log, left, bucket } = await stage({ "pkg/_service": RECOMPRESS, "pkg/notes.txt": "hello\n" });
  expect({ code, left }).toEqual({ code: 0, left: [] });
  const { files } = bucket;
  const made = readMade(files.get("update.json")?.toString() ?? "", "hello.spec");
  const contentOf = (name: string): Buffer | undefined =>
    files.get(made?.files.find((one) => one.name === name)?.content ?? "");
  expect(made?.files.map(({ name }) => name).toSorted()).toEqual(["hello-2.bin", "notes.txt.gz"]);
  expect(made?.gone.toSorted()).toEqual(["hello-1.bin", "notes.txt"]);
  expect(contentOf("hello-2.bin")).toEqual(Buffer.from([0, 255, 254]));
  expect(gunzipSync(contentOf("notes.txt.gz") ?? "").toString()).toBe("hello\n");
  const sums = bucket.order
    .slice(0, -1)
    .map((name) => `${createHash("sha256").update(files.get(name)!).digest("hex")}  ${name}\n`);
  expect(files.get("SHA256SUMS")?.toString()).toBe(sums.join(""));
  expect(log).not.toContain(TOKEN);
});

test("a service that fails ends the stage with its file and line, and nothing is left", async () => {
  const { code, log, bucket } = await stage({ "pkg/_service": DOWNLOAD });
  expect({ code, order: bucket.order }).toEqual({ code: 2, order: [] });
  expect(log).toMatch(/millwright: refused: pkg\/_service:2: .*away\.txt/);
});

test("what is too much for a commit is refused", async () => {
  const many = Object.fromEntries(Array.from({ length: 41 }, (_, at) => [`pkg/n${at}.txt`, "x"]));
  const service = RECOMPRESS.replace("notes.txt", "*.txt");
  const { code, log } = await stage({ "pkg/_service": service, ...many });
  expect(code).toBe(2);
  expect(log).toContain("40 are committed at most");
});
