import type { RecipeRule } from "../../bot/config/config.ts";
import type { RepoRef } from "../../bot/events.ts";
import type { RecipeFiles } from "../../bot/work/update.ts";
import { updateWords } from "../../bot/words/update.ts";
import type { Recipe } from "../../pipelines/run.ts";
import { readServices } from "../../pipelines/service/services.ts";
import { readSpec } from "../../pipelines/spec/spec.ts";
import {
  type Filter,
  type Found,
  newestOf,
  projectOf,
  type Upstream,
  upstreamOf,
} from "../../pipelines/service/upstream.ts";
import type { Upstreams } from "../../ports.ts";

type Rule = NonNullable<RecipeRule["upstream"]>;

/** A recipe whose upstream is looked at. */
export interface Watched {
  readonly repo: RepoRef;
  readonly recipe: Recipe;
  readonly rule: Rule | undefined;
  readonly files: RecipeFiles;
}

/** Where a recipe's upstream is: as the config says, or the recipe itself. */
export function placeOf({ rule, files }: Pick<Watched, "rule" | "files">): Upstream | undefined {
  if (rule?.github !== undefined) return { kind: "github", repo: rule.github };
  if (rule?.git !== undefined) return { kind: "git", url: rule.git };
  if (rule?.anitya !== undefined) return { kind: "anitya", project: rule.anitya };
  return upstreamOf(
    readSpec(files.spec),
    files.service === undefined ? undefined : readServices(files.service),
  );
}

/** The same in text, as people find it. */
export function shownPlace(upstream: Upstream, tag?: string): string {
  switch (upstream.kind) {
    case "github":
      return `https://github.com/${upstream.repo}${tag === undefined ? "" : `/tree/${tag}`}`;
    case "git":
      return tag === undefined ? upstream.url : `${upstream.url} (${tag})`;
    case "anitya":
      return `https://release-monitoring.org/project/${upstream.project}/`;
    default:
      return upstream satisfies never;
  }
}

export type Looked =
  | { readonly kind: "found"; readonly found: Found | undefined; readonly etag?: string | undefined }
  | { readonly kind: "unchanged" }
  | { readonly kind: "wrong"; readonly because: string };

/** The newest release of an upstream that counts. */
export async function lookUpstream(
  { upstreams }: { readonly upstreams: Upstreams },
  { repo, recipe, rule }: Watched,
  { upstream, etag }: { readonly upstream: Upstream; readonly etag?: string | undefined },
): Promise<Looked> {
  const filter = filterOf(upstreams, rule);
  if (typeof filter === "string") return { kind: "wrong", because: updateWords.noExpression(filter) };
  const said = await upstreams.releases(repo, upstream, etag);
  if (said === "unchanged") return { kind: "unchanged" };
  return {
    kind: "found",
    found: newestOf(said.tags, projectOf(upstream, recipe.name), filter),
    etag: said.etag,
  };
}

/** The rule as functions, or the expression of it that cannot be read. */
function filterOf(upstreams: Upstreams, rule: Rule = {}): Filter | string {
  const patterns = [rule.include ?? ANY, rule.exclude ?? NONE, rule.versionMask ?? ANY] as const;
  const [include, exclude, mask] = patterns.map((pattern) => upstreams.expression(pattern));
  if (!include || !exclude || !mask) return patterns.find((pattern) => !upstreams.expression(pattern)) ?? "";
  return {
    includes: (tag: string) => include(tag) !== undefined && exclude(tag) === undefined,
    versionIn: rule.versionMask === undefined ? undefined : (tag: string) => mask(tag)?.[1],
    prerelease: rule.prerelease ?? false,
  };
}

const ANY = ".*";
const NONE = "[^\\s\\S]";
