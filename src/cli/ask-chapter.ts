import type { RootArch } from "../local/distribution/build-root.ts";
import { morning } from "./almanac.ts";
import { installBy, repositoryIn } from "./merge-chapter.ts";
import { propose } from "./propose.ts";
import { checkNamed, isBuilt, jobsOf, say, untilAnswer, untilChecks } from "./see.ts";
import { type Chapter, hold } from "./stage.ts";

/** A contributor asks for an arch that the config does not ask for; and the pull request's packages can be installed. */
export const askChapter = ([native = "x86_64", foreign]: readonly RootArch[]): Chapter => ({
  name: "What a comment can ask for",
  async play(stage) {
    const { world, town, tell } = stage;
    const change = await morning();
    tell.step(`carol opens "${change.title}". The config has almanac built on ${native} only.`);
    const pull = await propose(world.github, town, change);
    tell.detail(pull.url);
    const job = (arch: RootArch) => `rpm:almanac:debian-12-${arch}`;
    const built = jobsOf(await untilChecks(stage, pull.sha)).map(({ name }) => name);
    hold(stage, `built: ${job(native)} alone`, built.join() === job(native));

    if (foreign) {
      const word = foreign === "aarch64" ? "arm64" : foreign;
      const body = `/build ${word}`;
      await say(stage, pull, { by: town.contributor, body });
      await untilAnswer(stage, pull, { to: body, says: `Building \`${job(foreign)}\`` });
      const isThere = (checks: Parameters<typeof isBuilt>[0]) =>
        checkNamed(checks, job(foreign)) !== undefined && isBuilt(checks);
      const check = checkNamed(await untilChecks(stage, pull.sha, isThere), job(foreign));
      hold(stage, `${job(foreign)} is built, and green`, check?.conclusion === "success");
    }

    tell.step(
      `Whoever wants to try it before it is merged finds it in a channel of its own, pr/${pull.number}.`,
    );
    const name = `channel:pr/${pull.number}`;
    const channel = checkNamed(await untilChecks(stage, pull.sha), name);
    const repository = repositoryIn(channel);
    tell.detail(repository.repoUrl);
    await installBy(stage, "dnf", {
      ...repository,
      packages: ["almanac"],
      command: ["/usr/bin/almanac"],
      arch: native,
    });
  },
});
