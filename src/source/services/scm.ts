import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Service } from "../../pipelines/service/services.ts";
import { refused } from "../failure.ts";
import { visible } from "../progress.ts";
import type { Bench } from "./bench.ts";
import { type Content, contentsOf, fetchContents, isSubmodule, treeOf, writeContents } from "./contents.ts";
import { tellChanges } from "./changes.ts";
import { packCpio } from "./cpio.ts";
import { obsinfo } from "./obsinfo.ts";
import { globs } from "./pattern.ts";
import { obtain, leave } from "./obtain.ts";
import { commitsSince, fetchHistory, findRevision, lastTag } from "./revision.ts";
import { writeSubmodules } from "./submodules.ts";
import { packTar } from "./tarball.ts";
import { openUpstream, type Upstream } from "./upstream.ts";
import { type Facts, factsOf, formatted, versionBy } from "./version.ts";

type Params = Service<"obs_scm" | "tar_scm">["params"];

/** What was fetched, laid out below one directory. */
interface Checkout {
  /** The directory that `top` is in. */
  readonly dir: string;
  /** `<name>-<version>`. */
  readonly top: string;
  readonly name: string;
  readonly version: string;
  readonly commit: string;
  /** Commit time in seconds. */
  readonly mtime: number;
}

/** obs_scm: a commit of upstream as an archive, and beside it what it is. */
export async function runObsScm(params: Params, bench: Bench): Promise<void> {
  const got = await checkOut(params, bench);
  const from = { url: params.url, commit: got.commit };
  await bench.make(
    `${got.top}.obscpio`,
    (into) => packCpio(got.dir, got.top, { into, mtime: got.mtime }),
    from,
  );
  await bench.make(`${got.name}.obsinfo`, (into) => writeFile(into, obsinfo(got)), from);
}

/** tar_scm: a commit of upstream as a tarball. */
export async function runTarScm(params: Service<"tar_scm">["params"], bench: Bench): Promise<void> {
  const got = await checkOut(params, bench);
  const { extension = "tar" } = params;
  const from = { url: params.url, commit: got.commit };
  await bench.make(`${got.top}.${extension}`, (into) => packTar(got, { into, extension }), from);
}

async function checkOut(params: Params, bench: Bench): Promise<Checkout> {
  const { scratch, net, say } = bench;
  const upstream = await openUpstream(params.url, scratch, net);
  const revision = await findRevision(upstream, params.revision);
  await obtain(upstream, revision, bench);
  const { commit } = revision;
  say(`${upstream.url} is taken at ${commit}${revision.moves ? ", where it stands today" : ""}`);
  const facts = await factsOf(upstream.git, commit);
  const version = await versionBy(params, () => detected(upstream, params, facts));
  const name = params.filename ?? nameOf(params.url);
  const top = version === "" || params["without-version"] ? name : `${name}-${version}`;
  const dir = await bench.room();
  await layOut({ upstream, commit, params, into: join(dir, top) }, bench);
  if (params.changesgenerate) await tellChanges(upstream, { url: params.url, commit, version }, bench);
  return { dir, top, name, version, commit, mtime: Number(facts.ct) };
}

/** The last part of the address: what people call the project. */
const nameOf = (url: string): string => {
  const name = url.replace(/\/+$/, "").replace(/\.git$/, "");
  return name.slice(name.lastIndexOf("/") + 1).replaceAll(/[^A-Za-z0-9._+~^-]/g, "_");
};

/** The version as `versionformat` describes it. History is only fetched where the answer lies in it. */
async function detected(upstream: Upstream, params: Params, facts: Facts): Promise<string> {
  const match = params["match-tag"];
  let before = params["parent-tag"];
  const tag = async (): Promise<string> => {
    before ??= await lastTag(upstream, facts.H, match);
    if (before === undefined) await fetchHistory(upstream, [facts.H]);
    before ??= await lastTag(upstream, facts.H, match);
    if (before === undefined)
      throw refused(`No tag${match ? ` like ${visible(match)}` : ""} leads to this commit.`);
    return before;
  };
  const offset = async (): Promise<string> => {
    const from = await tag();
    await fetchHistory(upstream, [facts.H]);
    return commitsSince(upstream, from, facts.H);
  };
  return formatted(params.versionformat ?? "%ct.%h", { facts, tag, offset });
}

interface Layout {
  readonly upstream: Upstream;
  readonly commit: string;
  readonly params: Params;
  readonly into: string;
}

/** Writes what is to be packed, and the files that are asked for by themselves. */
async function layOut({ upstream, commit, params, into }: Layout, bench: Bench): Promise<void> {
  const { git } = upstream;
  const subdir = (params.subdir ?? "").replace(/\/+$/, "");
  const tree = await treeOf(git, commit, subdir);
  const all = await contentsOf(git, tree);
  const contents = all.filter(wantedBy(params));
  const lone = lonesOf(all, params);
  const most = bench.net.limits.bytes;
  await fetchContents(upstream, {
    tree,
    contents: [...contents, ...lone.map(({ content }) => content)],
    most,
  });
  await leave(upstream, commit, bench.shelf);
  await writeContents(git, contents, into);
  for (const { content, file } of lone)
    await bench.make(file, async (path) =>
      writeFile(path, (await git({ args: ["cat-file", "blob", content.oid] })).out),
    );
  if (params.submodules !== "disable" && contents.some(isSubmodule))
    await writeSubmodules(
      { upstream, commit, prefix: subdir, modules: contents.filter(isSubmodule), into },
      bench,
    );
}

/** A file that is wanted beside the archive. */
interface Lone {
  readonly content: Content;
  readonly file: string;
}

function lonesOf(all: readonly Content[], params: Params): readonly Lone[] {
  const found = (pattern: string): readonly Content[] => {
    const isMeant = globs(pattern);
    const meant = all.filter(({ path }) => isMeant(path));
    if (meant.length === 0) throw refused(`extract: there is no ${visible(pattern)}.`);
    const other = meant.find(({ mode }) => !mode.startsWith("100"));
    if (other) throw refused(`extract: ${visible(other.path)} is no plain file.`);
    return meant;
  };
  return [
    ...params.extract.flatMap((pattern) =>
      found(pattern).map((content) => ({
        content,
        file: content.path.slice(content.path.lastIndexOf("/") + 1),
      })),
    ),
    ...params["extract-rename"].flatMap(([source, file]) =>
      found(source.replaceAll(/[*?[]/g, "[$&]")).map((content) => ({ content, file })),
    ),
  ];
}

/** Patterns speak of a path or of a directory above it. Files in which git keeps its own rules stay away. */
function wantedBy({ include, exclude }: Params): (content: Content) => boolean {
  const hits = (patterns: readonly ((name: string) => boolean)[], path: string): boolean =>
    patterns.some((isMeant) =>
      path.split("/").some((_, at, parts) => isMeant(parts.slice(0, at + 1).join("/"))),
    );
  const [wanted, unwanted] = [include.map(globs), exclude.map(globs)];
  return ({ path }) =>
    !/(?:^|\/)\.gitignore$/.test(path) &&
    (wanted.length === 0 || hits(wanted, path)) &&
    !hits(unwanted, path);
}
