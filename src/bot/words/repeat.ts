import type { Arch, Job, Run } from "../../pipelines/run.ts";
import { code, fence } from "../markdown/markdown.ts";
import { quoted } from "../shell-words.ts";

/** Where a build can be repeated. */
interface Where {
  /** The code host's address for people, such as `https://github.com`. */
  readonly web: string;
  /** The build root as the deployment names it. */
  readonly image?: string | undefined;
}

/** How to repeat a build by hand: lines for a shell, and what to know of them. */
export function repeat(run: Run, job: Job, { web, image }: Where): string {
  const path = job.recipe.path.split("/");
  const folder = path.slice(0, -1).join("/");
  const build = `rpmbuild -ba --define "_sourcedir $PWD" --define "_topdir $PWD/rpmbuild" ${quoted(`./${path.at(-1) ?? ""}`)}`;
  const enter = image && isImage(image) ? [inContainer(image, job.arch)] : [];
  const lines = [...checkout(run, web), ...enter, ...(folder ? [`cd ${quoted(`./${folder}`)}`] : []), build];
  const root =
    enter.length > 0 ? "" : ` Use a system like ${code(job.target)} on ${code(job.arch)}, best a container.`;
  return `To repeat it by hand:${root}\n\n${fence(lines.join("\n"))}\n\n${HINT}`;
}

const HINT =
  "This runs what the change says, so do it where that may do no harm. Before `rpmbuild`, `spectool -g` fetches sources that have an address, and `dnf builddep` or `zypper install` brings what the spec requires.";

/** By SHA, since branches and pull requests move on. */
function checkout({ repo, trigger }: Run, web: string): readonly string[] {
  const url = `${web}/${repo.owner}/${repo.name}.git`;
  // A merge queue's commit stands on its base already.
  const base = trigger.kind === "pull" ? trigger.base : undefined;
  const shas = [trigger.sha, ...(base ? [base] : [])].map((sha) => quoted(sha));
  return [
    `git clone ${quoted(url)} ${quoted(`./${repo.name}`)}`,
    `cd ${quoted(`./${repo.name}`)}`,
    `git fetch origin ${shas.join(" ")}`,
    `git checkout --detach ${quoted(base ?? trigger.sha)}`,
    ...(base ? [`git merge --no-edit ${quoted(trigger.sha)}`] : []),
  ];
}

const inContainer = (image: string, arch: Arch): string =>
  `podman run --rm -it --platform ${PLATFORMS[arch]} --volume "$PWD:/work:Z" --workdir /work ${quoted(image)} sh`;

const PLATFORMS: Readonly<Record<Arch, string>> = {
  x86_64: "linux/amd64",
  aarch64: "linux/arm64",
  s390x: "linux/s390x",
  ppc64le: "linux/ppc64le",
};

/** A reference to a container image, not the name of a root on this machine. */
const isImage = (name: string): boolean =>
  (name.includes("/") || name.includes(":")) &&
  ALNUM.has(name.charAt(0)) &&
  Array.from(name).every((c) => IMAGE.has(c));

const ALNUM = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
const IMAGE = new Set([...ALNUM, ".", "_", "-", "/", ":", "@"]);
