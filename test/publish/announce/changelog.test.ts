import { afterAll, beforeAll, expect, test } from "vitest";
import { storyOf } from "../../../src/publish/announce/changelog.ts";
import { buildRpm, scratch, testTools } from "../kit.ts";

let place: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  place = await scratch();
});
afterAll(() => place[Symbol.asyncDispose]());

const story = async (changelog: string, name = "greet-tools") => {
  const { file, source } = await buildRpm(place.dir, { name, changelog });
  const run = await testTools(place.dir);
  return { ...(await storyOf(run, file)), ofSource: (await storyOf(run, source)).source };
};

test("remarks are told newest first, by day, and binary and source package name the same source", async () => {
  expect(
    await story(`* Wed Nov 18 2026 Maria Doe <maria@example.org> - 1.1-1
- One
  goes on
* Tue Nov 17 2026 Joe
- Two`),
  ).toEqual({
    source: "greet-tools",
    ofSource: "greet-tools",
    remarks: [
      { day: "2026-11-18", author: "Maria Doe <maria@example.org> - 1.1-1", text: "- One\n  goes on" },
      { day: "2026-11-17", author: "Joe", text: "- Two" },
    ],
  });
});

test("words that look like fields, entities or markup are words", async () => {
  const words = "- </i></remark><remark><i>&lt;x&gt; &amp;amp; ]]> <!-- -->";
  const { remarks } = await story(`* Wed Nov 18 2026 Eve <string>\n${words}`);
  expect(remarks).toEqual([{ day: "2026-11-18", author: "Eve <string>", text: words }]);
});

test("of very much that was written the beginning is told", async () => {
  const entry = `* Wed Nov 18 2026 Eve\n- ${"<&>".repeat(5000)}\n`;
  const { remarks } = await story(entry.repeat(20));
  expect(remarks).toHaveLength(10);
  expect(remarks[0]?.text).toBe(`- ${"<&>".repeat(333).slice(0, 998)}`);
});

test("a package without a changelog has a source and no remarks", async () => {
  const { file } = await buildRpm(place.dir, { name: "bare" });
  expect(await storyOf(await testTools(place.dir), file)).toEqual({ source: "bare", remarks: [] });
});
