import { createHash } from "node:crypto";
import { resultsPrefix } from "../../src/pipelines/stage.ts";
import { repo, SHA, SOURCE, type World, world, X86 } from "./world.ts";

const RULES = (channel: string): string => `targets: { debian-12: [x86_64] }
channels: { nightly: { branch: main, nightly: '02:00' }, release: { ${channel} } }
`;
export const NUMBER = "20261121_01";
export const [NIGHTLY, PROMOTION] = [`1/nightly/nightly/${NUMBER}`, `1/promotion/release/${NUMBER}`];
export const PUBLISH = "publish/release";
const SUFFIX = `.${NUMBER}.gaaaaaaa`;

const sums = (files: Readonly<Record<string, string>>): string =>
  Object.entries(files)
    .map(([name, body]) => `${createHash("sha256").update(body).digest("hex")}  ${name}\n`)
    .join("");

/** A stage is built, and leaves these files. */
export async function build(
  made: World,
  [run, name]: readonly [run: string, stage: string],
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await made.dispatch((await made.stage(run, name)).pool);
  const { attempt, build: id = "" } = await made.stage(run, name);
  const prefix = resultsPrefix({ run, stage: name, attempt });
  for (const [file, body] of Object.entries({ ...files, SHA256SUMS: sums(files) }))
    await made.ports.blobs.put(prefix + file, body);
  made.builder.end(id, "SUCCEEDED", { endedAt: made.ports.clock() });
  await made.track(id);
}

const facts = (digit: string): string =>
  JSON.stringify({
    epoch: 1,
    tool: "7".repeat(64),
    sources: [{ file: "greet.tar.gz", url: "https://example.org/greet.tar.gz", sha256: digit.repeat(64) }],
  });
export const sources = (digit = "1") => ({
  "bundle.tar": digit,
  "recipe.spec": "Name: greet",
  "facts.json": facts(digit),
});
export const contents = (digest: string): string =>
  `greet-1.0-1.x86_64\tfile\t/usr/bin/greet\t100755 root:root 3 ${digest}   (none)\n`;

/** A nightly that was built and published, with these rules for the channel `release`. */
export async function nightly(
  channel = "from: nightly",
  tested: Readonly<Record<string, string>> = { "contents.tsv": contents("aa") },
): Promise<World> {
  const made = world();
  made.github.files.set(".millwright.yml", RULES(channel));
  made.github.branches.set("main", { sha: SHA, isProtected: true });
  await made.decide({ kind: "night-came", repo, channel: "nightly", night: "2026-11-21" });
  await build(made, [NIGHTLY, SOURCE], sources());
  await build(made, [NIGHTLY, X86], { [`greet-1.0-1${SUFFIX}.x86_64.rpm`]: "tested", ...tested });
  await build(made, [NIGHTLY, "publish/nightly"], {});
  return made;
}

/** Its promotion as it begins, by a tag. */
export async function promote(made: World): Promise<World> {
  made.github.tags.set(`release/${NUMBER}`, SHA);
  await made.deliver("promote", { kind: "tag-pushed", repo, tag: `release/${NUMBER}` });
  return made;
}
