import { afterAll, beforeAll, expect, test } from "vitest";
import { TARGET, faults, publishedMirror } from "./mirror.ts";
import type { PublishedMirror } from "./mirror.ts";

const [FIRST, SECOND] = ["20261121_01", "20261122_01"] as const;
const repo = (release: string): string => `releases/${release}/os-devel-${TARGET}.repo`;
const mirrorlist = (release: string): string => `releases/${release}/${TARGET}/mirrorlist`;

// `hello` belongs to no release, `first` and `second` came with one each.
let it: PublishedMirror;
beforeAll(async () => {
  it = await publishedMirror();
  for (const [name, number] of [
    ["first", FIRST],
    ["second", SECOND],
  ] as const)
    await it.add(name, { release: { number, sha: "a".repeat(40), branch: "main" } });
});
afterAll(() => it[Symbol.asyncDispose]());

const look = (path: string) => it.look({ address: `${it.url}/${path}` });

/** Looks at the first release while one object of it says something else. */
async function lookWith(path: string, change: (text: string) => string | Promise<string>) {
  const was = await it.get(path);
  await it.put(path, Buffer.from(await change(was.toString())));
  try {
    return faults(await look(repo(FIRST)), it.url).join("\n");
  } finally {
    await it.put(path, was);
  }
}

test("a release is looked at by its own file and its own address, and has what it had", async () => {
  for (const path of [repo(FIRST), `releases/${FIRST}/${TARGET}`]) {
    const { verdict, targets } = await look(path);
    expect(verdict).toBe("good");
    expect(targets).toMatchObject([
      { target: `${it.url}/releases/${FIRST}/${TARGET}`, packages: [{ name: "hello" }, { name: "first" }] },
    ]);
  }
});

test("the file of another release, or of the channel, in its place is found", async () => {
  for (const other of [repo(SECOND), `os-devel-${TARGET}.repo`])
    expect(await lookWith(repo(FIRST), async () => (await it.get(other)).toString())).toContain(
      `repo-file ${repo(FIRST)}`,
    );
});

test("a pointer that leads away from the target is found, and so is another key", async () => {
  expect(await lookWith(mirrorlist(FIRST), (text) => text.replace(TARGET, "else"))).toContain(
    `pointer ${mirrorlist(FIRST)}`,
  );
  expect(
    await lookWith(`releases/${FIRST}/RPM-GPG-KEY-millwright`, (text) => text.replace("B", "C")),
  ).toMatch(/^(?:key|form) releases/);
});
