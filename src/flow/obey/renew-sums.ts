import { fileOf, folderOf } from "../../bot/work/recipes.ts";
import type { Draft } from "../../bot/work/update.ts";
import { updateWords } from "../../bot/words/update.ts";
import type { Moved } from "../../pipelines/service/moved.ts";
import { type Digests, summedIn, withNewSums } from "../../pipelines/service/sums.ts";
import type { GitHub } from "../../ports-github.ts";
import type { Upstreams } from "../../ports.ts";
import type { Main } from "../decide/find-recipe.ts";

interface Ports {
  readonly github: Pick<GitHub, "file">;
  readonly upstreams: Pick<Upstreams, "digests">;
}

type Drafted = Extract<Draft, { kind: "draft" }>;

/** What becomes of the digests that an update's files list. */
interface Renewed {
  /** Path -> text. */
  readonly files: Readonly<Record<string, string>>;
  readonly gone: readonly string[];
  /** Paths in which new digests stand, and those in which an old one still does. */
  readonly renewed: readonly string[];
  readonly left: readonly string[];
  /** Why, in sentences. */
  readonly because: readonly string[];
}

/** Asks for the digests of what is fetched from elsewhere now, and writes them where those of the old files stand. */
export async function renewSums(ports: Ports, { repo, sha }: Main, draft: Drafted): Promise<Renewed> {
  const { sums, moved } = draft.work;
  const read = async (path: string) => draft.files[path] ?? (await ports.github.file(repo, path, sha)) ?? "";
  const texts = new Map(
    await Promise.all(sums.map(async (path) => [fileOf(path), await read(path)] as const)),
  );
  const known: (Moved & { digests: Digests })[] = [];
  const unknown: Moved[] = [];
  const because: string[] = [];
  for (const one of summedIn(texts, moved)) {
    const digests = await ports.upstreams.digests(one.url);
    if (typeof digests !== "string") known.push({ ...one, digests });
    else {
      unknown.push(one);
      because.push(updateWords.unsummed(one.url, digests));
    }
  }
  const at = placeIn(folderOf(sums[0] ?? ""));
  const changes = [...withNewSums(texts, known)];
  const written = changes.flatMap(([name, text]) => (text === undefined ? [] : [[at(name), text] as const]));
  return {
    files: Object.fromEntries(written),
    gone: changes.flatMap(([name, text]) => (text === undefined ? [at(name)] : [])),
    renewed: written.map(([path]) => path),
    left: sums.filter((path) => hasAny(fileOf(path), texts, unknown)),
    because,
  };
}

const placeIn =
  (folder: string) =>
  (name: string): string =>
    folder === "" ? name : `${folder}/${name}`;

const hasAny = (name: string, texts: ReadonlyMap<string, string>, moved: readonly Moved[]): boolean =>
  summedIn(new Map([[name, texts.get(name) ?? ""]]), moved).length > 0;
