import { type Run, slug } from "../run.ts";

/** What a source stage leaves for the next one of its recipe: files as they were fetched, each under a name of this kind. */
const FETCHED = "source-";

export const isFetched = (name: string): boolean => name.startsWith(FETCHED);

/** The name of a fetched file by the digest (in hex) of what was asked for. */
export const fetchedName = (digest: string): string => FETCHED + digest;

/** Where it is kept which files a recipe's last source stage left. */
export const knownSourcesKey = (run: { readonly repo: Pick<Run["repo"], "id"> }, path: string): string =>
  `built/sources/${run.repo.id}/${slug(path)}`;
