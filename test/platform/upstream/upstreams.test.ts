import { describe, expect, test } from "vitest";
import { expression } from "../../../src/platform/upstream/expression.ts";
import { gitHubReleases } from "../../../src/platform/upstream/github-releases.ts";
import { tagsAdvertised } from "../../../src/platform/upstream/git-tags.ts";
import { upstreamsOf } from "../../../src/platform/upstream/upstreams.ts";

const packet = (text: string): string => (text.length + 4).toString(16).padStart(4, "0") + text;
const SHA = "a".repeat(40);

const ADVERTISED = [
  packet("# service=git-upload-pack\n"),
  "0000",
  packet(`${SHA} HEAD\0multi_ack symref=HEAD:refs/heads/main\n`),
  packet(`${SHA} refs/heads/main\n`),
  packet(`${SHA} refs/tags/v1.0\n`),
  packet(`${SHA} refs/tags/v1.1\n`),
  packet(`${SHA} refs/tags/v1.1^{}\n`),
  "0000",
].join("");

const at = { id: 1, node: "R", owner: "a", name: "b", installation: 2 };

function ports(answers: Readonly<Record<string, string>>) {
  const web = {
    read: async (address: string): Promise<string> => {
      const answer = answers[address];
      if (answer === undefined) throw new Error(`${address} answered HTTP 404.`);
      return answer;
    },
    reach: async () => undefined,
    digests: async (_address: string, bytes: number) => `no more than ${bytes} bytes`,
  };
  return upstreamsOf({} as never, web);
}

describe("tags of any host", () => {
  test("are read from what git says first", async () => {
    const said = ports({ "https://git.example/greet.git/info/refs?service=git-upload-pack": ADVERTISED });
    const upstream = { kind: "git", url: "https://git.example/greet.git/" } as const;
    expect(await said.releases(at, upstream)).toEqual({ tags: [{ name: "v1.0" }, { name: "v1.1" }] });
  });

  test("of what is no git at all are a failure, and cut-off packets none", () => {
    expect(() => tagsAdvertised("<html>")).toThrow("not what git speaks");
    expect(tagsAdvertised("")).toEqual([]);
    expect(tagsAdvertised(`${packet("# x\n")}0000ffff${SHA} refs/tags/v1`)).toEqual(["v1"]);
  });
});

test("release-monitoring.org tells versions, and which are stable", async () => {
  const address = "https://release-monitoring.org/api/v2/versions/?project_id=42";
  const answer = '{"latest_version":"2.0","versions":["2.0rc1","1.9"],"stable_versions":["1.9"]}';
  expect(await ports({ [address]: answer }).releases(at, { kind: "anitya", project: 42 })).toEqual({
    tags: [
      { name: "2.0rc1", prerelease: true },
      { name: "1.9", prerelease: false },
    ],
  });
});

test("an expression is RE2, matches a whole text, and tells its groups", () => {
  expect(expression("v(.*)")?.("v1.2")).toEqual(["v1.2", "1.2"]);
  expect(expression("v1")?.("v1.2")).toBeUndefined();
  expect(expression("(?<=v)1")).toBeUndefined();
});

describe("tags on GitHub", () => {
  /** GitHub with so many tags, and a count of what it was asked. */
  function gitHub(count: number) {
    const asked: string[] = [];
    const answer =
      (name: string, etag: string, data: (page: number) => readonly unknown[]) =>
      async ({ page = 1, headers }: { page?: number; headers?: Record<string, string> }) => {
        asked.push(`${name} ${page}`);
        if (headers?.["if-none-match"] === etag) throw Object.assign(new Error("304"), { status: 304 });
        return { headers: { etag }, data: data(page) };
      };
    const all = Array.from({ length: count }, (_, i) => ({ name: `v${i}` }));
    const repos = {
      listTags: answer("tags", '"t"', (page) => all.slice((page - 1) * 100, page * 100)),
      listReleases: answer("releases", '"r"', () => []),
    };
    return { octokit: { rest: { repos } } as never, asked };
  }

  test("are asked for with what they were called, and then said to be unchanged", async () => {
    const { octokit, asked } = gitHub(3);
    const said = await gitHubReleases(octokit, "a/b");
    expect(said).toMatchObject({ etag: '"t" "r"' });
    expect(await gitHubReleases(octokit, "a/b", '"t" "r"')).toBe("unchanged");
    expect(await gitHubReleases(octokit, "a/b", '"old" "r"')).toMatchObject({ etag: '"t" "r"' });
    expect(asked).toHaveLength(7);
  });

  test("of several pages are all read, and never taken for unchanged", async () => {
    const { octokit } = gitHub(250);
    const said = await gitHubReleases(octokit, "a/b");
    expect(said === "unchanged" ? [] : said.tags).toHaveLength(250);
    expect(said).not.toHaveProperty("etag");
  });
});
