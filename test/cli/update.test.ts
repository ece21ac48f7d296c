import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { withRevision } from "../../src/pipelines/service/servicedata.ts";
import { serveFiles } from "../source/bucket.ts";
import { makeRepository, serveGit } from "../source/git-server.ts";

const CLI = resolve(import.meta.dirname, "../../src/cli/update.ts");
const run = promisify(execFile);
const OLD = "the old tarball";
const NEW = "the new tarball";
const digest = (text: string, algorithm = "sha256") => createHash(algorithm).update(text).digest("hex");

const SPEC = `Name: greet
Version: 1.0
Release: 3%{?dist}
Source0: https://files.example/greet-%{version}.tar.gz
# a remark that stays
%changelog
* Mon Mar 02 2026 A <a@example.org> - 1.0-3
- First
`;
const CHANGES = "-------------------------------------------------------------------\nold\n";
const service = (...services: readonly string[]) => `<services>\n${services.join("\n")}\n</services>\n`;
const param = (name: string, value: string) => `<param name="${name}">${value}</param>`;
const VERIFIED = `  <service name="verify_file">${param("file", "greet-1.0.tar.gz")}${param("verifier", "sha256")}${param("checksum", digest(OLD))}</service>`;

let root: string;
let work: string;
let web: Awaited<ReturnType<typeof serveFiles>>;
let upstream: Awaited<ReturnType<typeof serveGit>>;
const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Maria",
  GIT_AUTHOR_EMAIL: "maria@example.org",
  GIT_COMMITTER_NAME: "Maria",
  GIT_COMMITTER_EMAIL: "maria@example.org",
};
const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: work, env }).toString();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "update-test-"));
  web = await serveFiles();
  upstream = await serveGit(root);
  const { commit, git } = makeRepository(root, "greet.git");
  let last: readonly string[] = [];
  for (const tag of ["v1.0", "v1.1", "v2.0-rc1"]) {
    last = [commit({ tag }, last)];
    git(["tag", tag, ...last]);
  }
});
afterAll(async () => {
  await Promise.all([web.close(), upstream.close()]);
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  work = await mkdtemp(join(root, "work-"));
  git("init", "-q", "-b", "main");
  web.hits.length = 0;
  web.routes.clear();
  web.routes.set("/greet-1.1.tar.gz", { body: NEW });
});

async function commit(files: Readonly<Record<string, string>>) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    await writeFile(join(work, path), text);
  }
  git("add", "--all");
  git("commit", "-q", "-m", "as it was");
}

/** Runs the command as somebody does who stands in `greet/`. */
async function update(...args: readonly string[]) {
  const hosts = [`files.example=${web.origin}`, `git.example=${upstream.origin}`];
  const line = [CLI, ...args, ...hosts.flatMap((host) => ["--host", host])];
  const at = { cwd: join(work, "greet"), env };
  const ended = run(process.execPath, line, at).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  const { code, stdout, stderr } = await ended;
  return { code, stdout, stderr };
}

const shaOf = (tag: string) =>
  execFileSync("git", ["rev-parse", `${tag}^{commit}`], { cwd: join(root, "greet.git") })
    .toString()
    .trim();
const read = (path: string) => readFile(join(work, "greet", path), "utf8");
const isClean = () => git("status", "--porcelain") === "";

describe("millwright update", () => {
  test("rewrites version, release and changelog and nothing else, and asks nobody for that", async () => {
    await commit({ "greet/greet.spec": SPEC });
    const { code, stdout } = await update("greet", "1.1");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^greet: 1\.0 -> 1\.1\n greet\/greet\.spec \| .*\n 1 file changed/);
    const day = /^\* (\w{3} \w{3} \d\d \d{4}) Maria <maria@example\.org> - 1\.1-1$/m;
    const spec = await read("greet.spec");
    expect(spec).toMatch(day);
    expect(spec.replace(/\* .* 1\.1-1\n- Update to version 1\.1\n\n/, "")).toBe(
      SPEC.replace("Version: 1.0", "Version: 1.1").replace("3%{?dist}", "1%{?dist}"),
    );
    expect(web.hits).toEqual([]);
  });

  test("writes openSUSE's changelog beside the spec, and the _service", async () => {
    const scm = `  <service name="obs_scm">${param("scm", "git")}${param("url", "https://git.example/greet.git")}${param("revision", "v1.0")}</service>`;
    const files = { "greet/greet.changes": CHANGES, "greet/_service": service(scm) };
    await commit({ "greet/greet.spec": SPEC.replace("1.0\n", "0\n"), ...files });
    const { code, stdout } = await update("greet", "1.1");
    expect(stdout).toContain("3 files changed");
    expect(code).toBe(0);
    expect(await read("_service")).toBe(service(scm.replace("v1.0", "v1.1")));
    expect(await read("greet.changes")).toMatch(
      /^-{67}\n.* UTC 2\d{3} - Maria <maria@example\.org>\n\n- Update to version 1\.1\n\n-{67}\nold\n$/,
    );
  });

  test("without a version asks the upstream, and takes no prerelease", async () => {
    await commit({
      "greet/greet.spec": SPEC,
      ".millwright.yml": "recipes: { greet: { upstream: { git: 'https://git.example/greet.git' } } }\n",
    });
    expect((await update("greet")).stdout).toContain("greet: 1.0 -> 1.1\n");
  });

  test("done again says that there is nothing to do, before anything is committed and after", async () => {
    await commit({ "greet/greet.spec": SPEC });
    await update("greet", "1.1");
    const spec = await read("greet.spec");
    const again = { code: 0, stdout: "`greet` has `1.1` already.\n", stderr: "" };
    expect(await update("greet", "1.1")).toEqual(again);
    git("commit", "-q", "-a", "-m", "1.1");
    expect(await update("greet", "1.1")).toEqual(again);
    expect(await read("greet.spec")).toBe(spec);
  });

  test("renews the digests of what is fetched from elsewhere now, and follows its name", async () => {
    await commit({
      "greet/greet.spec": SPEC,
      "greet/_service": service(VERIFIED),
      "greet/sources": `# ours\nSHA512 (greet-1.0.tar.gz) = ${digest(OLD, "sha512")}\nSHA512 (logo.png) = ${digest("logo", "sha512")}\n`,
      "greet/greet-1.0.tar.gz.sha256": `${digest(OLD)}  greet-1.0.tar.gz\n`,
    });
    const { code, stdout } = await update("greet", "1.1");
    expect(stdout).toContain("greet/greet-1.1.tar.gz.sha256 (new, ");
    expect(code).toBe(0);
    expect(await read("_service")).toBe(
      service(VERIFIED.replace("1.0", "1.1").replace(digest(OLD), digest(NEW))),
    );
    expect(await read("sources")).toBe(
      `# ours\nSHA512 (greet-1.1.tar.gz) = ${digest(NEW, "sha512")}\nSHA512 (logo.png) = ${digest("logo", "sha512")}\n`,
    );
    expect(await read("greet-1.1.tar.gz.sha256")).toBe(`${digest(NEW)}  greet-1.1.tar.gz\n`);
    expect(await readdir(join(work, "greet"))).not.toContain("greet-1.0.tar.gz.sha256");
    expect(web.hits).toEqual(["/greet-1.1.tar.gz"]);
  });

  test("runs what is for updates, and puts a committed source in the place of the old one", async () => {
    const manual = '  <service name="download_files" mode="manual"/>';
    const extract = `  <service name="set_version" mode="disabled">${param("version", "1.0")}</service>`;
    await commit({
      "greet/greet.spec": SPEC,
      "greet/_service": service(
        manual,
        VERIFIED.replace("verify_file", 'verify_file" mode="localonly'),
        extract,
      ),
      "greet/greet-1.0.tar.gz": OLD,
    });
    const { code, stdout, stderr } = await update("greet", "1.1");
    expect(stderr).toContain("greet/_service:2: running download_files\n");
    expect(stderr).toContain("greet-1.1.tar.gz has the sha256 that is expected");
    expect(code).toBe(0);
    expect(stdout).toContain("greet/greet-1.1.tar.gz (new, 15 bytes)");
    expect(await read("greet-1.1.tar.gz")).toBe(NEW);
    expect(git("status", "--porcelain", "greet/greet-1.0.tar.gz")).toBe(" D greet/greet-1.0.tar.gz\n");
    expect(await read("greet.spec")).toContain("Version: 1.1");
  });

  test("tells in the changelog what changed upstream, and remembers how far that was told", async () => {
    const scm = `  <service name="obs_scm" mode="manual">${param("scm", "git")}${param("url", "https://git.example/greet.git")}${param("revision", "v1.0")}${param("changesgenerate", "enable")}</service>`;
    await commit({
      "greet/greet.spec": SPEC.replace("1.0\n", "0\n"),
      "greet/greet.changes": CHANGES,
      "greet/_service": service(scm),
      "greet/_servicedata": withRevision("", "https://git.example/greet.git", shaOf("v1.0")),
    });
    const { code, stderr } = await update("greet", "1.1");
    expect(stderr).toContain("running obs_scm");
    expect(code).toBe(0);
    expect(await read("greet.changes")).toContain("\n- Update to version 1.1:\n  * a change\n\n---");
    expect(await read("_servicedata")).toContain(shaOf("v1.1"));
    expect(await readdir(join(work, "greet"))).toContain("greet.obsinfo");
  });

  test("offline asks nobody, and says what is left to do", async () => {
    await commit({ "greet/greet.spec": SPEC, "greet/_service": service(VERIFIED) });
    const { code, stdout } = await update("greet", "1.1", "--offline");
    expect(code).toBe(0);
    expect(stdout).toContain("Left to do:\n- A checksum in `greet/_service`");
    expect(web.hits).toEqual([]);
    expect(await update("greet", "--offline")).toMatchObject({ code: 1 });
  });
});

describe("nothing is touched", () => {
  test("over what is not committed", async () => {
    await commit({ "greet/greet.spec": SPEC });
    await writeFile(join(work, "greet/greet.spec"), `${SPEC}\n`);
    const { code, stderr } = await update("greet", "1.1");
    expect(stderr).toBe(
      "millwright: greet/greet.spec: changed, and not committed. Commit it or put it aside (git stash), and ask again.\n",
    );
    expect(code).toBe(1);
    expect(await read("greet.spec")).toBe(`${SPEC}\n`);
  });

  test("over a file of somebody's that a service would make", async () => {
    const fetched = `<service name="download_url" mode="manual">${param("url", "https://files.example/greet-1.1.tar.gz")}${param("filename", "notes")}</service>`;
    await commit({ "greet/greet.spec": SPEC, "greet/_service": service(fetched) });
    await writeFile(join(work, "greet/notes"), "mine");
    expect(await update("greet", "1.1")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("greet/notes: changed, and not committed"),
    });
    expect(git("status", "--porcelain")).toBe("?? greet/notes\n");
  });

  test.each([
    { words: ["greet", "1.1"], code: 2, because: "HTTP 404" },
    { words: ["greet", "1.1"], config: "targts: {}\n", code: 1, because: ".millwright.yml:1:1: " },
    { words: ["great", "1.1"], code: 1, because: "There is no recipe `great`" },
    { words: ["greet", "$(id)"], code: 1, because: "is no version" },
    { words: ["greet"], spec: SPEC.replace(/https:.*\//, ""), code: 1, because: "Nothing says where" },
    { words: ["greet", "1.1", "--froce"], code: 2, because: "Unknown option" },
  ])("where it goes wrong: $words, $because", async ({ words, code, because, spec = SPEC, config = "" }) => {
    web.routes.clear();
    const files = { "greet/_service": service(VERIFIED), ".millwright.yml": config };
    await commit({ "greet/greet.spec": spec, ...files });
    expect(await update(...words)).toMatchObject({ code, stderr: expect.stringContaining(because) });
    expect(isClean()).toBe(true);
  });

  test("through a link that leads elsewhere", async () => {
    await writeFile(join(root, "elsewhere"), SPEC);
    await commit({ "greet/README": "" });
    await symlink(join(root, "elsewhere"), join(work, "greet/greet.spec"));
    git("add", "--all");
    git("commit", "-q", "-m", "a link");
    expect(await update("greet", "1.1")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("greet/greet.spec is no plain file"),
    });
    expect(await readFile(join(root, "elsewhere"), "utf8")).toBe(SPEC);
  });

  test("where there is no working copy", async () => {
    await mkdir(join(work, "greet"));
    await rm(join(work, ".git"), { recursive: true });
    expect(await update("greet")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no git working copy"),
    });
  });
});

test("the help tells how it is called, what it may ask, and how it ends", async () => {
  await commit({ "greet/greet.spec": SPEC });
  const { stdout } = await update("--help");
  for (const word of ["millwright update RECIPE [VERSION]", "--offline", "--host", "Exit codes"])
    expect(stdout).toContain(word);
});
