import { link, mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { split } from "./elements.ts";
import type { Elements, Kind, Metadata } from "./elements.ts";
import { unpack } from "./members.ts";
import { lineOf } from "./package-list.ts";
import type { Package } from "./package-list.ts";
import type { Tools } from "./tools.ts";

/** A new package on this machine. */
export interface Fresh {
  readonly package: Package;
  readonly local: string;
}

/** What the files of a snapshot say of new packages, and what stands around the packages there. */
export type Description = Readonly<Record<Kind, { readonly frame: Frame; readonly elements: Elements }>>;

interface Frame {
  /** For a document with this many packages. */
  readonly head: (packages: number) => Buffer;
  readonly foot: Buffer;
}

/** From a snapshot's directory up to its target, where the pool is. */
const UP = "../../";

/** Lets createrepo_c describe these packages and no others. The metadata tells the time of the file, which is `at`. */
export async function describe(
  tools: Tools,
  dir: string,
  { fresh, at }: { readonly fresh: readonly Fresh[]; readonly at: Date },
): Promise<Description> {
  const tree = join(dir, "tree");
  await mkdir(tree);
  for (const { package: entry, local } of fresh) {
    const path = join(tree, entry.path);
    await mkdir(dirname(path), { recursive: true });
    await link(local, path);
    await utimes(path, at, at);
  }
  const pkglist = join(dir, "pkglist");
  await writeFile(pkglist, fresh.map(({ package: { path } }) => `${path}\n`).join(""));
  const options = ["--quiet", "--error-exit-val", "--no-database", "--general-compress-type=gz"];
  await tools("createrepo_c", [
    ...options,
    "--simple-md-filenames",
    `--location-prefix=${UP}`,
    `--pkglist=${pkglist}`,
    tree,
  ]);
  const part = async (kind: Metadata) => {
    const document = await unpack(await readFile(join(tree, "repodata", `${kind}.xml.gz`)));
    return described(kind, document, fresh);
  };
  return {
    primary: await part("primary"),
    filelists: await part("filelists"),
    other: await part("other"),
    list: listed(fresh),
  };
}

const nothing = Buffer.alloc(0);

const listed = (fresh: readonly Fresh[]): Description[Kind] => ({
  frame: { head: () => nothing, foot: nothing },
  elements: new Map(fresh.map(({ package: entry }) => [entry.sha256, lineOf(entry)])),
});

function described(kind: Metadata, document: Buffer, fresh: readonly Fresh[]): Description[Kind] {
  const { head, elements, foot } = split(kind, document);
  for (const { package: entry } of fresh) {
    const element = elements.get(entry.sha256);
    if (!element) throw new Error(`createrepo_c wrote nothing of ${entry.nevra} into ${kind}.xml.gz.`);
    if (kind === "primary" && !Buffer.from(element).includes(`<location href="${UP}${entry.path}"/>`))
      throw new Error(`createrepo_c looks for ${entry.nevra} elsewhere than at ${entry.path}.`);
  }
  if (elements.size !== fresh.length) throw new Error(`createrepo_c wrote ${elements.size} packages.`);
  return { frame: { head: counting(head), foot }, elements };
}

/** The head of a document with another number of packages. */
function counting(head: Buffer): Frame["head"] {
  const [before, after, ...more] = head.toString().split(/packages="\d+"/);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error("createrepo_c does not say how many packages there are.");
  return (packages) => Buffer.from(`${before}packages="${packages}"${after}`);
}
