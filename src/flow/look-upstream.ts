import type { RecipeRule } from "../bot/config.ts";
import type { RepoRef } from "../bot/events.ts";
import type { RecipeFiles } from "../bot/update.ts";
import { updateWords } from "../bot/words/update.ts";
import type { Recipe } from "../pipelines/run.ts";
import { readServices } from "../pipelines/services.ts";
import { readSpec } from "../pipelines/spec.ts";
import {
  type Filter,
  type Found,
  newestOf,
  projectOf,
  type Upstream,
  upstreamOf,
} from "../pipelines/upstream.ts";
import type { Expression, Upstreams } from "../ports.ts";

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
function filterOf({ expression }: Upstreams, rule: Rule | undefined): Filter | string {
  const read = new Map<string, Expression>();
  for (const pattern of [rule?.include, rule?.exclude, rule?.versionMask]) {
    const found = pattern === undefined ? undefined : expression(pattern);
    if (pattern !== undefined && !found) return pattern;
    if (pattern !== undefined && found) read.set(pattern, found);
  }
  const of = (pattern: string | undefined) => (pattern === undefined ? undefined : read.get(pattern));
  const [include, exclude, mask] = [of(rule?.include), of(rule?.exclude), of(rule?.versionMask)];
  return {
    includes: (tag: string) => (!include || include(tag) !== undefined) && exclude?.(tag) === undefined,
    versionIn: mask && ((tag: string) => mask(tag)?.[1]),
    prerelease: rule?.prerelease ?? false,
  };
}
