import { assert, asyncProperty, constantFrom, string, array, oneof } from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writtenText } from "../../../src/local/github/pages/written.ts";
import { cases } from "../../fuzz.ts";
import { endWithoutViolations, here, stage, type Stage } from "./world.ts";

let world: Stage;
const paths: string[] = [];

/** Breaks out of text and of attributes, wherever they are not escaped. */
const evil = `"><x-evil onx="1">'<!-- --><script>x()</script>&amp;`;

beforeAll(async () => {
  world = await stage();
  const { admin, bot, maintainer } = world;
  const branch = `"'<x-evil>`;
  const files = { [`a"><x-evil onx="1">`]: `${evil}\n`, "README.md": `# ${evil}\n[a](javascript:x())\n` };
  const main = { by: "maintainer", branch: "main", message: evil, files: { "a.spec": evil } };
  await admin.commit("maintainer", "packages", main);
  const head = await admin.commit("maintainer", "packages", {
    by: "maintainer",
    branch,
    message: evil,
    files,
  });
  admin.protectBranch("maintainer", "packages", "main", { checks: [evil] });
  const asked = { ...here, title: evil, head: branch, base: "main", body: evil };
  const { data: pull } = await world.as(maintainer.token).rest.pulls.create(asked);
  const issue = { ...here, issue_number: pull.number };
  await bot.rest.issues.createComment({
    ...issue,
    body: `${evil}\n\n    ${evil}\n\n\`${evil}\`\n\n| ${evil} |\n|-|\n`,
  });
  await bot.rest.issues.addLabels({ ...issue, labels: [evil] });
  await world
    .as(maintainer.token)
    .rest.pulls.update({ ...here, pull_number: pull.number, title: `${evil}!` });
  const place = { start_line: 1, end_line: 1, annotation_level: "failure" } as const;
  const said = { message: evil, title: evil, raw_details: evil };
  const { data: run } = await bot.rest.checks.create({
    ...here,
    name: evil,
    head_sha: head,
    details_url: "javascript:x()//",
    conclusion: "action_required",
    output: {
      title: evil,
      summary: evil,
      text: evil,
      annotations: Object.keys({ ...files, [evil]: "" }).map((path) => ({ ...place, ...said, path })),
    },
    actions: [{ label: `"><x-evil>`, description: `"><x-evil onx="1">`, identifier: `"><x-evil>` }],
  });
  const status = { ...here, sha: head, state: "failure", context: `${evil}?`, description: evil } as const;
  await bot.rest.repos.createCommitStatus({ ...status, target_url: "javascript:x()" });
  await world
    .as(maintainer.token)
    .rest.repos.createRelease({ ...here, tag_name: "v1", name: evil, body: evil });
  const at = `/maintainer/packages`;
  const encoded = encodeURIComponent(branch);
  const file = encodeURIComponent(`a"><x-evil onx="1">`);
  paths.push("/", at, `${at}/pulls`, `${at}/commits`, `${at}/branches`, `${at}/commit/${head}`);
  paths.push(`${at}/tree/${encoded}`, `${at}/blob/${encoded}/${file}`, `${at}/runs/${run.id}`);
  for (const tab of ["", "/commits", "/checks", "/files"]) paths.push(`${at}/pull/${pull.number}${tab}`);
});
afterAll(() => endWithoutViolations(world));

test("what people, bots and files say stays text on every page", async () => {
  const seen: string[] = [];
  for (const path of paths) {
    const response = await fetch(`${world.gitHub.url}${path}`, { headers: { cookie: "person=maintainer" } });
    const text = await response.text();
    expect([path, response.status]).toEqual([path, 200]);
    expect(text).not.toMatch(/<x-evil|<script|<!--|"\s*onx|='[^']*<|href="javascript:/);
    if (text.includes("&lt;x-evil")) seen.push(path);
  }
  expect(seen).toEqual(paths.filter((path) => path !== "/"));
});

test("every page forbids the browser to run or to fetch anything but the stylesheet", async () => {
  for (const path of [...paths, "/nobody/nothing"]) {
    const { headers } = await fetch(`${world.gitHub.url}${path}`);
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'self';/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  }
});

const allowed =
  /^<\/?(?:a|blockquote|br|code|del|div|em|h[1-6]|hr|input|li|ol|p|pre|strong|table|tbody|td|th|thead|tr|ul)(?: (?:align|checked|class|disabled|rel|start|type)="[^"<>]*"| href="https?:\/\/[^"<>]*")*>$/;

test("Markdown becomes nothing but the plain elements of text, whatever was written", async () => {
  const bits = constantFrom(
    ..."<>\"'&`*_[]()!#|-+\\\n \t:/=.~".split(""),
    "<script>",
    "<img src=x onerror=x()>",
    "<!--",
    "-->",
    "](javascript:x())",
    '](https://a" onx="',
    "![",
    "```",
    "\n| a | b |\n|---|:-:|\n",
    "&lt;",
    "https://example.org/",
    '<https://example.org/">',
    "- [x] ",
    "\n    ",
  );
  const written = array(oneof(bits, string({ maxLength: 6 })), { maxLength: 40 });
  const check = asyncProperty(written, async (parts) => {
    const page = (await writtenText(parts.join(""))).toString();
    for (const [tag] of page.matchAll(/<[^>]*>?/g)) expect(tag).toMatch(allowed);
  });
  await assert(check, { numRuns: cases() });
});
