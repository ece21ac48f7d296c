import { Octokit } from "@octokit/rest";
import { CONFIG_PATH, type Config, readConfig } from "../bot/config/config.ts";
import type { RepoRef } from "../bot/events.ts";
import { type Draft, draftUpdate, type RecipeFiles } from "../bot/work/update.ts";
import { updateWords } from "../bot/words/update.ts";
import { type Main, readMain, readRecipe } from "../flow/decide/find-recipe.ts";
import { whichOf } from "../flow/obey/update.ts";
import { isConfig } from "../flow/rules-of.ts";
import { lookUpstream, placeOf } from "../flow/tend/look-upstream.ts";
import { upstreamsOf } from "../platform/upstream/upstreams.ts";
import type { Hosts } from "../source/url.ts";
import { web } from "../source/web.ts";
import { type Changes, workHere } from "./work-here.ts";
import type { WorkingCopy } from "./working-copy.ts";

export interface Asked {
  /** `<recipe> [version]`; of one recipe alone the name may be left out. */
  readonly words: readonly string[];
  /** Nobody outside is asked: only texts are rewritten. */
  readonly isOffline: boolean;
  readonly hosts: Hosts;
  readonly github: { readonly api: string; readonly token: string | undefined };
  /** ISO 8601. */
  readonly at: string;
  readonly say: (line: string) => void;
}

export type Updated =
  | {
      readonly kind: "updated";
      readonly recipe: string;
      readonly was: string;
      readonly version: string;
      readonly summary: string;
      readonly undone: readonly string[];
    }
  | { readonly kind: "nothing" | "refused"; readonly because: string };

type Ruled = Main["recipes"][number];
type Said = Exclude<Updated, { kind: "updated" }>;

const refused = (because: string): Said => ({ kind: "refused", because });

/** Brings a recipe of a working copy to another version, or says why not: then nothing in it is touched. */
export async function updateHere(copy: WorkingCopy, asked: Asked): Promise<Updated> {
  const config = readConfig((await copy.read(CONFIG_PATH)) ?? "");
  if (!isConfig(config))
    return refused(
      config.map((one) => `${CONFIG_PATH}:${one.line}:${one.column}: ${one.because}`).join("\n"),
    );
  const main = await mainOf(copy, config);
  const meant = whichOf(main, asked.words);
  if (typeof meant === "string") return refused(meant);
  const { recipe } = meant.ruled;
  const files = await readRecipe({ github: asGitHub(copy) }, main, recipe);
  if (!files) return refused(updateWords.gone(recipe.path));
  const version = meant.version ?? (await newestOf(meant.ruled, files, asked));
  if (typeof version !== "string") return version;
  const draft = draftUpdate({
    recipe,
    files,
    paths: main.paths,
    version,
    at: asked.at,
    author: await copy.author(),
  });
  if (draft.kind !== "draft") return { ...draft, kind: draft.kind === "nothing" ? "nothing" : "refused" };
  const unsaved = await copy.unsaved(Object.keys(draft.files));
  if (unsaved.length > 0) return refused(dirty(unsaved));
  return write(copy, { draft, recipe, files, version, asked });
}

const dirty = (paths: readonly string[]): string =>
  `${paths.join(", ")}: changed, and not committed. Commit it or put it aside (git stash), and ask again.`;

type Drafted = Extract<Draft, { kind: "draft" }>;

interface ToWrite {
  readonly draft: Drafted;
  readonly recipe: Ruled["recipe"];
  readonly files: RecipeFiles;
  readonly version: string;
  readonly asked: Asked;
}

/** Nothing is written before all that is to be written is there, and clean. */
async function write(copy: WorkingCopy, { draft, recipe, files, version, asked }: ToWrite): Promise<Updated> {
  const { work, was } = draft;
  const hasWork = [work.services, work.sums, work.sources].some((all) => all.length > 0);
  const texts: Changes = new Map(
    Object.entries(draft.files).map(([path, text]) => [path, Buffer.from(text)] as const),
  );
  const made =
    hasWork && !asked.isOffline
      ? await workHere({ ...asked, copy, recipe, files, texts: draft.files })
      : new Map<string, Buffer>();
  const changes = new Map([...texts, ...made]);
  const unsaved = await copy.unsaved([...changes.keys()]);
  if (unsaved.length > 0) return refused(dirty(unsaved));
  for (const [path, content] of changes) await copy.write(path, content);
  const left = asked.isOffline ? updateWords.left(work) : [];
  const summary = await summaryOf(copy, changes);
  return { kind: "updated", recipe: recipe.name, was, version, summary, undone: [...left, ...draft.undone] };
}

async function summaryOf(copy: WorkingCopy, changes: Changes): Promise<string> {
  const fresh = [...changes].filter(([path]) => !copy.paths.includes(path));
  const known = [...changes.keys()].filter((path) => copy.paths.includes(path));
  const lines = fresh.map(([path, content]) => ` ${path} (new, ${content?.length ?? 0} bytes)\n`);
  return (known.length > 0 ? await copy.summary(known) : "") + lines.join("");
}

/** A repository that is on this disk and nowhere else. */
const HERE: RepoRef = {
  id: 0,
  node: "",
  owner: "",
  ownerId: 0,
  name: "",
  installation: 0,
  private: true,
  defaultBranch: "HEAD",
};

const asGitHub = (copy: WorkingCopy) => ({
  branch: async () => ({ sha: "", isProtected: false }),
  paths: async () => copy.paths,
  file: async (_at: unknown, path: string) => copy.read(path),
});

async function mainOf(copy: WorkingCopy, config: Config): Promise<Main> {
  const main = await readMain({ github: asGitHub(copy) }, { repo: HERE, config });
  return main ?? { repo: HERE, config, sha: "", paths: [], recipes: [] };
}

/** The newest release of the upstream, as the config or the recipe itself says where that is. */
async function newestOf(
  { recipe, upstream: rule }: Ruled,
  files: RecipeFiles,
  { isOffline, hosts, github }: Asked,
): Promise<string | Said> {
  const upstream = placeOf({ rule, files });
  if (isOffline) return refused("Offline nobody is asked for the newest version: name one.");
  if (!upstream) return refused(updateWords.noUpstream(recipe.name));
  const octokit = new Octokit({ auth: github.token, baseUrl: github.api });
  const upstreams = upstreamsOf({ in: async () => octokit }, web(hosts));
  const looked = await lookUpstream({ upstreams }, { repo: HERE, recipe, rule, files }, { upstream }).catch(
    (error: unknown) => updateWords.unasked(recipe.name, String(error)),
  );
  if (typeof looked === "string") return refused(looked);
  if (looked.kind === "wrong") return refused(looked.because);
  const found = looked.kind === "found" ? looked.found : undefined;
  return found?.version ?? refused(updateWords.noRelease(recipe.name));
}
