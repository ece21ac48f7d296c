import { writtenText } from "../../../src/local/github/pages/written.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { here, stage, type Stage } from "./world.ts";

let world: Stage;
let check: number;
let head: string;

beforeAll(async () => {
  world = await stage();
  const { admin, bot, maintainer } = world;
  const files = { "hello/hello.spec": "Name: hello\nVersion: <1.1>\n" };
  const change = { by: "maintainer", branch: "topic", message: "hello 1.1", files };
  head = await admin.commit("maintainer", "packages", change);
  const person = world.as(maintainer.token);
  const { data } = await person.rest.pulls.create({
    ...here,
    title: "<b>hello</b>",
    head: "topic",
    base: "main",
  });
  const body = "<!-- hidden -->\nbuilt & signed <script>alert(1)</script>";
  await bot.rest.issues.createComment({ ...here, issue_number: data.number, body });
  const run = await bot.rest.checks.create({
    ...here,
    name: "hello on x86_64",
    head_sha: head,
    conclusion: "failure",
    output: {
      title: "%build failed",
      summary: "make: Error 1",
      annotations: [
        {
          path: "hello/hello.spec",
          start_line: 2,
          end_line: 2,
          annotation_level: "failure",
          message: "what?",
        },
      ],
    },
  });
  check = run.data.id;
});
afterAll(() => world.end());

const page = async (path: string) => {
  const response = await fetch(`${world.gitHub.url}${path}`);
  return { status: response.status, text: await response.text() };
};

test("a pull request's pages show what was said, how checks stand and what changes, all of it escaped", async () => {
  const { status, text } = await page("/maintainer/packages/pull/1");
  expect(status).toBe(200);
  expect(text).toContain("&lt;b&gt;hello&lt;/b&gt;");
  expect(text).toContain("built &amp; signed &lt;script&gt;");
  expect(text).toContain(`/maintainer/packages/runs/${check}`);
  expect(text).not.toMatch(/<script|<!--/);
  expect((await page("/maintainer/packages/pull/1/files")).text).toContain("+Version: &lt;1.1&gt;");
  expect((await page("/maintainer/packages/pull/1/commits")).text).toContain("hello 1.1");
});

test("a check's page, its pull request's and its commit's show its words and its annotations", async () => {
  for (const path of [`runs/${check}`, "pull/1/checks", `commit/${head}`]) {
    const { text } = await page(`/maintainer/packages/${path}`);
    for (const words of ["Failed", "%build failed", "make: Error 1", "hello/hello.spec:2", "what?"])
      expect(text).toContain(words);
  }
});

test("an annotation stands below its line of the diff", async () => {
  const { text } = await page("/maintainer/packages/pull/1/files");
  const line = text.indexOf("+Version: &lt;1.1&gt;");
  expect(text.indexOf("what?")).toBeGreaterThan(line);
  expect(text.slice(line, text.indexOf("what?"))).not.toContain('class="num"');
});

test("the repository's page leads to its pull requests", async () => {
  expect((await page("/")).text).toContain('href="/maintainer/packages"');
  expect((await page("/maintainer/packages")).text).toContain('href="/maintainer/packages/pulls"');
  const { text } = await page("/maintainer/packages/pulls");
  expect(text).toContain('href="/maintainer/packages/pull/1"');
});

test("files, folders, commits, branches and tags are read on pages of their own", async () => {
  const { text } = await page("/maintainer/packages/tree/topic/hello");
  expect(text).toContain('href="/maintainer/packages/blob/topic/hello/hello.spec"');
  const file = await page("/maintainer/packages/blob/topic/hello/hello.spec");
  expect(file.text).toContain("Version: &lt;1.1&gt;");
  expect((await page("/maintainer/packages/commits")).text).toContain("Initial commit");
  expect((await page("/maintainer/packages/branches")).text).toContain("topic");
  expect((await page("/maintainer/packages/blob/topic/nothing")).status).toBe(404);
});

test("a page that is not there says so", async () => {
  expect((await page("/maintainer/packages/pull/99")).status).toBe(404);
  expect((await page("/maintainer/nothing")).status).toBe(404);
});

test("files are served as they are, also from a branch", async () => {
  expect((await page("/maintainer/packages/raw/topic/hello/hello.spec")).text).toContain("Version: <1.1>");
  expect((await page("/maintainer/packages/raw/refs/heads/main/README.md")).text).toBe("# hello\n");
});

test("a file of a release is downloaded by name", async () => {
  const person = world.as(world.maintainer.token);
  const { data } = await person.rest.repos.createRelease({ ...here, tag_name: "v2" });
  await person.rest.repos.uploadReleaseAsset({
    ...here,
    release_id: data.id,
    name: "hello.tar",
    data: "bytes",
    url: data.upload_url,
    headers: { "content-type": "application/x-tar", "content-length": 5 },
  });
  expect((await page("/maintainer/packages/releases/download/v2/hello.tar")).text).toBe("bytes");
});

test("written Markdown is shown as GitHub shows it, and its HTML as text", async () => {
  const shown = await writtenText(
    "| a |\n|---|\n| b |\n\n<script>x()</script>\n\n[go](javascript:x()) ![i](x)<!-- hidden -->",
  );
  const page = shown.toString();
  expect(page).toContain("<td>b</td>");
  expect(page).toContain("&lt;script&gt;");
  expect(page).not.toMatch(/<script|javascript:|<img|hidden/);
});
