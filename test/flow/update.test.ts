import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { tendUpstreams } from "../../src/flow/tend/upstreams.ts";
import { memoryBlobs } from "./memory.ts";
import { asked } from "./release-world.ts";
import { repo, SHA, type World, world } from "./world.ts";

const SPEC = `Name: greet
Version: 1.0.0
Release: 3%{?dist}
URL: https://github.com/upstream/greet
Source0: %{url}/archive/v%{version}/greet-%{version}.tar.gz
%changelog
* Mon Mar 02 2026 A <a@b> - 1.0.0-1
- First
`;
const ADDRESS = "https://github.com/upstream/greet/archive/v1.1.0/greet-1.1.0.tar.gz";
const BRANCH = "millwright/update/greet";

function town(config = "updates: true\n", spec = SPEC): World {
  const made = world();
  made.github.files.set(".millwright.yml", config);
  made.github.files.set("greet.spec", spec);
  made.github.branches.set("main", { sha: SHA, isProtected: true });
  made.github.pulls.set(7, made.github.pullOf({ number: 7, sha: SHA }));
  made.github.state.repositories = [repo];
  made.upstreams.tags.set("upstream/greet", ["v1.0.0", "v1.1.0", "v2.0.0-rc1"]);
  return made;
}

/** The hour of the calendar so many hours later; what it sends is heard. */
async function hour(made: World, hours: number): Promise<readonly string[]> {
  const before = made.ports.events.sent.length;
  const now = new Date(Date.parse("2026-11-22T00:00:00Z") + hours * 3_600_000).toISOString();
  await tendUpstreams({ ...made.ports, mirror: memoryBlobs(), clock: () => now });
  const told = made.ports.events.sent.slice(before);
  for (const message of told) if ("event" in message) await made.decide(message.event);
  return told.map((message) => ("event" in message ? message.event.kind : ""));
}

const proposals = (made: World): readonly string[] =>
  made.github.writes.filter((line) => line.startsWith("propose"));

test("the watch finds a release and proposes it once, with all that it changes", async () => {
  const made = town();
  expect(await hour(made, 0)).toEqual(["upstream-released"]);
  expect(proposals(made)).toEqual(["propose open 100 greet: update to 1.1.0"]);
  const sha = made.github.branches.get(BRANCH)?.sha ?? "";
  const spec = made.github.filesAt.get(`${sha} greet.spec`) ?? "";
  expect(spec).toContain("Version: 1.1.0\nRelease: 1%{?dist}\n");
  expect(spec).toMatch(
    /%changelog\n\* \w{3} Nov 2\d 2026 n <e@example.org> - 1.1.0-1\n- Update to version 1.1.0\n\n\* Mon/,
  );
  expect(made.github.proposed.get(100)?.body).toContain("https://github.com/upstream/greet/tree/v1.1.0");
  expect(made.upstreams.reached).toEqual([ADDRESS]);
  expect(await hour(made, 8)).toEqual([]);
});

test("an upstream is asked every few hours, and what it said is remembered", async () => {
  const made = town("updates: true\n", SPEC.replace("1.0.0", "1.1.0"));
  for (const hours of [0, 1, 5, 8, 9]) await hour(made, hours);
  expect(made.upstreams.asked).toHaveLength(2);
  expect(proposals(made)).toEqual([]);
  made.upstreams.tags.set("upstream/greet", ["v1.1.0", "v1.2.0"]);
  expect(await hour(made, 16)).toEqual(["upstream-released"]);
});

test("the pull request that it opened is built without anybody's consent, also with what a writer pushes to it", async () => {
  const made = town();
  await hour(made, 0);
  await made.decide({ kind: "pull-changed", repo, number: 100 });
  const sha = made.github.branches.get(BRANCH)?.sha ?? "";
  const later = "e".repeat(40);
  const pull = made.github.pulls.get(100)!;
  made.github.pulls.set(100, { ...pull, sha: later });
  made.github.filesAt.set(`${later} greet.spec`, SPEC);
  await made.decide({ kind: "pull-changed", repo, number: 100 });
  for (const head of [sha, later])
    expect((await made.run(`1/pull/100/${head}`)).leave).toEqual({ rule: "ownUpdate" });
});

test("a commit of ours is none of ours in a fork, and a bot's own pull request is nobody's", async () => {
  const made = town();
  await hour(made, 0);
  const pull = made.github.pulls.get(100)!;
  made.github.pulls.set(100, { ...pull, headRepo: 9 });
  made.github.pulls.set(8, { ...pull, number: 8, sha: "e".repeat(40) });
  for (const number of [100, 8]) await made.decide({ kind: "pull-changed", repo, number });
  expect([...made.ports.runs.all.keys()]).toEqual([]);
});

test("/update says what it did, and what there is nothing to do about", async () => {
  const made = town();
  expect(await asked(made, "/update")).toContain("`1.1.0` is proposed in #100.");
  expect(await asked(made, "/update")).toContain("`1.1.0` is proposed in #100 already.");
  expect(await asked(made, "/update greet 1.0.0")).toContain("`greet` has `1.0.0` already.");
  expect(await asked(made, "/update 0.9")).toContain("already, which is newer");
  expect(await asked(made, "/update hello 1.2")).toContain("no recipe `hello`");
  expect(proposals(made)).toHaveLength(1);
});

test("a newer version renames the open pull request, on the same branch", async () => {
  const made = town();
  await asked(made, "/update 1.1.0");
  await asked(made, "/update greet 1.2.0");
  expect(proposals(made)).toEqual([
    "propose open 100 greet: update to 1.1.0",
    "propose rename 100 greet: update to 1.2.0",
  ]);
});

test("a version that people closed is not proposed again, unless one of them names it", async () => {
  const made = town();
  await hour(made, 0);
  const pull = made.github.pulls.get(100)!;
  made.github.pulls.set(100, {
    ...pull,
    isOpen: false,
    closed: { at: "2026-11-22T01:00:00Z", isMerged: false },
  });
  expect(await hour(made, 8)).toEqual([]);
  expect(await asked(made, "/update")).toContain("was proposed in #100, which was closed");
  expect(proposals(made)).toHaveLength(1);
  expect(await asked(made, "/update 1.1.0")).toContain("is proposed in #101.");
});

test("a branch that somebody else pushed to is left alone", async () => {
  const made = town();
  made.github.branches.set(BRANCH, { sha: "f".repeat(40), isProtected: false });
  expect(await asked(made, "/update")).toContain("somebody else's");
  expect(made.github.writes.filter((line) => line.startsWith("writeCommit"))).toEqual([]);
  expect(made.github.branches.get(BRANCH)?.sha).toBe("f".repeat(40));
});

test("without its tarball a version is not proposed, and is looked for again the next day", async () => {
  const made = town();
  made.upstreams.missing.add(ADDRESS);
  await hour(made, 0);
  expect(proposals(made)).toEqual([]);
  expect(await asked(made, "/update")).toContain(`\`${ADDRESS}\` cannot be fetched: \`HTTP 404\``);
  expect(await hour(made, 8)).toEqual([]);
  made.upstreams.missing.clear();
  expect(await hour(made, 40)).toEqual(["upstream-released"]);
  expect(proposals(made)).toHaveLength(1);
});

test("one upstream that is away does not hold back another", async () => {
  const made = town("updates: true\nrecipes: { away: { path: away.spec, upstream: { github: a/way } } }\n");
  made.github.state.paths = ["away.spec", "greet.spec"];
  made.github.files.set("away.spec", SPEC);
  expect(await hour(made, 0)).toEqual(["upstream-released"]);
  expect(made.logged).toContain("an upstream could not be asked");
  expect(await asked(made, "/update away")).toContain("could not be asked: `Error: a/way is away`");
});

test("nothing is written where the config does not switch it on", async () => {
  const made = town("{}\n");
  expect(await hour(made, 0)).toEqual([]);
  expect(await asked(made, "/update 1.1.0")).toContain("Updates are off.");
  const off = town("updates: false\nrecipes: { greet: { upstream: { github: upstream/greet } } }\n");
  expect(await hour(off, 0)).toEqual([]);
});

test("filters are RE2 expressions for whole tags, and a wrong one is said", async () => {
  const rule = (more: string) => `recipes: { greet: { upstream: { github: upstream/greet, ${more} } } }\n`;
  const made = town(rule("include: 'v1[.].*', exclude: 'v1[.]1.*', versionMask: 'v(.*)'"));
  expect(await asked(made, "/update")).toContain("has `1.0.0` already");
  const wrong = town(rule("include: '(?<=x)y'"));
  expect(await asked(wrong, "/update")).toContain("is no RE2 expression");
  expect(await asked(town(rule("prerelease: true")), "/update")).toContain("`2.0.0~rc1` is proposed");
});

test("what GitHub refuses is said, and a limit brings the message back", async () => {
  const made = town();
  made.github.state.noReleases = "Resource not accessible by integration";
  expect(await asked(made, "/update")).toContain("`Resource not accessible by integration`");
  const limited = town();
  limited.github.propose = async () => ({ kind: "limited", seconds: 60 }) as never;
  await expect(asked(limited, "/update")).rejects.toThrow("GitHub takes no more writes for 60 s");
});

test("an expression that is none is told on the pull request that brings it, at its line", async () => {
  const made = town();
  const rule = (mask: string) => `recipes:\n  greet:\n    upstream:\n      versionMask: '${mask}'\n`;
  const checkOf = async (mask: string) => {
    made.github.filesAt.set(`${SHA} .millwright.yml`, rule(mask));
    made.github.state.changed = [".millwright.yml"];
    await made.decide({ kind: "pull-changed", repo, number: 7 });
    return made.github.checks.find(({ check }) => check.name === "millwright:config")?.check;
  };
  expect(await checkOf("(?<=v)1")).toMatchObject({
    conclusion: "failure",
    annotations: [{ line: 4, message: expect.stringContaining("no RE2 expression") }],
  });
  expect(await checkOf("v.*")).toMatchObject({
    annotations: [{ line: 4, message: expect.stringContaining("has no group") }],
  });
  expect(await checkOf("v(?P<v>.*)|r(.*)")).toMatchObject({ conclusion: "success" });
});

const LISTED = {
  _service: `<services><service name="verify_file"><param name="file">greet-1.0.0.tar.gz</param><param name="verifier">sha256</param><param name="checksum">${"0".repeat(64)}</param></service></services>\n`,
  sources: `SHA512 (greet-1.0.0.tar.gz) = ${"0".repeat(128)}\n`,
  "greet-1.0.0.tar.gz.sha256": `${"0".repeat(64)}\n`,
};

function listing(): World {
  const made = town();
  for (const [path, text] of Object.entries(LISTED)) made.github.files.set(path, text);
  made.github.state.paths = ["greet.spec", ...Object.keys(LISTED)];
  return made;
}

const digest = (algorithm: string) => createHash(algorithm).update(ADDRESS).digest("hex");

test("digests of the new sources are in what is proposed, and it is said that nobody vouches for them", async () => {
  const made = listing();
  await hour(made, 0);
  const sha = made.github.branches.get(BRANCH)?.sha ?? "";
  const at = (path: string) => made.github.filesAt.get(`${sha} ${path}`);
  expect(at("_service")).toBe(
    LISTED._service.replace("1.0.0", "1.1.0").replace("0".repeat(64), digest("sha256")),
  );
  expect(at("sources")).toBe(`SHA512 (greet-1.1.0.tar.gz) = ${digest("sha512")}\n`);
  expect(at("greet-1.1.0.tar.gz.sha256")).toBe(`${digest("sha256")}\n`);
  expect(made.github.removed).toEqual([`${sha} greet-1.0.0.tar.gz.sha256`]);
  const body = made.github.proposed.get(100)?.body ?? "";
  expect(body).toContain(
    "Digests in `_service`, `sources`, `greet-1.1.0.tar.gz.sha256` are those of what is there",
  );
  expect(body).not.toContain("Left to do");
});

test("with renewed digests the same is proposed once, however often it is asked for", async () => {
  const made = listing();
  await hour(made, 0);
  await asked(made, "/update");
  expect(made.github.writes.filter((line) => line.startsWith("writeCommit"))).toHaveLength(1);
});

test("a source too large to be fetched leaves its digests to people", async () => {
  const made = listing();
  made.upstreams.large.add(ADDRESS);
  await hour(made, 0);
  const body = made.github.proposed.get(100)?.body ?? "";
  expect(body).toContain("- A checksum in `sources` speaks of the old version, and was not renewed.");
  expect(body).toContain("could not be found out: `it is too large`");
  expect(body).not.toContain("Digests in");
});
