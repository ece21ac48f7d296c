import type { RootArch } from "../local/distribution/build-root.ts";
import { installFrom, repositoryIn } from "./merge-chapter.ts";
import { type Proposed, propose } from "./propose.ts";
import { type CheckRun, checkNamed, headOf, say, untilAnswer, untilChecks } from "./see.ts";
import { type Chapter, hold, type Stage } from "./stage.ts";
import { merge } from "./town.ts";

/** What the chapter's channels are fed by. */
export const RELEASE_RULES = `channels:
  devel: { branch: main }
  nightly: { branch: main, nightly: "02:00" }
  release: { from: nightly, tags: release/ }
`;

/** Two releases come to people by promotion, the one by a tag and the other by a comment, and then it goes back to the first. */
export const releaseChapter = ([arch = "x86_64"]: readonly RootArch[]): Chapter => ({
  name: "Two releases, and one back",
  async play(stage) {
    const { world, town, tell } = stage;
    const { version, change } = await secondPackaging(stage);
    tell.step(`carol proposes "${change.title}"; meanwhile maria makes a release of what is there.`);
    const pull = await propose(world.github, town, change);
    tell.detail(pull.url);

    const first = await nightly(stage, pull, "/nightly");
    tell.step(`maria tried ${first.number} and tags its commit release/${first.number}.`);
    const { owner, repo } = town;
    const ref = `refs/tags/release/${first.number}`;
    await town.as(town.maintainer).rest.git.createRef({ owner, repo, ref, sha: first.sha });
    const promoted = await untilRelease(stage, first.sha, first.number);
    await hasGreet(stage, { check: promoted, arch, version: `${version}-1`, by: ["dnf", "zypper"] });

    tell.step(`maria merges "${change.title}".`);
    await merge(town, pull.number);
    const second = await nightly(stage, pull, "/nightly nightly");
    const promote = `/promote ${second.number}`;
    await say(stage, pull, { by: town.maintainer, body: promote });
    await untilAnswer(stage, pull, { to: promote, says: "is promoted to `release`" });
    const newer = await untilRelease(stage, second.sha, second.number);
    await hasGreet(stage, { check: newer, arch, version: `${version}-2` });

    const back = `/rollback release ${first.number}`;
    await say(stage, pull, { by: town.maintainer, body: back });
    const answer = await untilAnswer(stage, pull, { to: back, says: `goes back to \`${first.number}\`` });
    const third = numberIn(answer.slice(answer.indexOf(", as ")));
    const gone = await untilRelease(stage, first.sha, third);
    await hasGreet(stage, { check: gone, arch, version: `${version}-1` });

    tell.step(`Who wants ${second.number} and nothing else finds it at its own address, for ever.`);
    const { repoUrl, keyUrl } = repositoryIn(newer);
    const at = repoUrl.lastIndexOf("/");
    const own = `${repoUrl.slice(0, at)}/releases/${second.number}${repoUrl.slice(at)}`;
    await hasGreet(stage, { at: { repoUrl: own, keyUrl }, arch, version: `${version}-2` });

    tell.step(
      "A canary looks at all of the mirror as a stranger does: keys, signatures, digests, and that nothing went back.",
    );
    await world.stack.host.invoke("watch-mirror", {});
    tell.detail("✓ it found nothing amiss");
  },
});

/** The same version of greet once more, with another word in its description. */
async function secondPackaging({ town }: Stage) {
  const { owner, repo, maintainer } = town;
  const path = "greet.spec";
  const { data } = await town.as(maintainer).rest.repos.getContent({ owner, repo, path });
  if (!("content" in data)) throw new Error(`${path} is no file`);
  const spec = Buffer.from(data.content, "base64").toString();
  const version = /^Version:\s+(\S+)/m.exec(spec)?.[1] ?? "";
  const second = spec
    .replace(/^(Release:\s+)1/m, "$12")
    .replace("of whoever asks,", "of whoever asks (see greet(1)),");
  const title = "greet: mention the manual page";
  return { version, change: { branch: "manual-page", title, files: { [path]: second } } };
}

/** A committer asks for a nightly now; it is published, or the newest one is as good. */
async function nightly(
  stage: Stage,
  pull: Proposed,
  body: string,
): Promise<{ readonly number: string; readonly sha: string }> {
  const { town } = stage;
  const sha = await headOf(stage);
  await say(stage, pull, { by: town.maintainer, body });
  const number = numberIn(await untilAnswer(stage, pull, { to: body, says: "nightly" }));
  const name = "millwright:nightly";
  const checks = await untilChecks(stage, sha, (all) => checkNamed(all, name)?.status === "completed");
  hold(stage, `${number} is published to nightly`, checkNamed(checks, name)?.conclusion === "success");
  return { number, sha };
}

/** The check of the channel `release`, once it speaks of this number and is over. */
async function untilRelease(stage: Stage, sha: string, number: string): Promise<CheckRun> {
  const isIt = ({ name, status, output }: CheckRun): boolean =>
    name === "millwright:release" &&
    status === "completed" &&
    `${output.title} ${output.summary}`.includes(number);
  const check = (await untilChecks(stage, sha, (all) => all.some(isIt))).find(isIt);
  if (!check) throw new Error(`there is no check of ${number}`);
  hold(stage, `${number} is published to release`, check.conclusion === "success");
  return check;
}

interface Wanted {
  readonly arch: RootArch;
  readonly version: string;
  readonly by?: readonly ("dnf" | "zypper")[];
  readonly check?: CheckRun;
  readonly at?: ReturnType<typeof repositoryIn>;
}

async function hasGreet(stage: Stage, { check, at, arch, version, by = ["dnf"] }: Wanted): Promise<void> {
  for (const client of by) {
    const said = await installFrom(stage, client, {
      ...(at ?? repositoryIn(check)),
      packages: ["greet"],
      arch,
    });
    hold(stage, `it is greet ${version}`, said.output.includes(version));
  }
}

function numberIn(text: string): string {
  const number = /\b\d{8}_\d{2}\b/.exec(text)?.[0];
  if (number === undefined) throw new Error(`no release is named in "${text}"`);
  return number;
}
