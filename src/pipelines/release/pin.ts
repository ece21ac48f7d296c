import { z } from "zod";
import { repositoriesOf } from "./published.ts";
import { isNumber } from "./release.ts";
import { type Run, slug } from "../run.ts";

/** A release that is kept, whatever the retention of its channel: who wants it so, and since when (ISO 8601 in UTC). */
export const Pin = z.readonly(
  z.strictObject({
    v: z.literal(1),
    by: z.readonly(z.strictObject({ id: z.int(), login: z.string() })),
    at: z.string(),
  }),
);
export type Pin = z.infer<typeof Pin>;

export const pinsPrefix = (repo: number, channel: string): string => `pins/${repo}/${slug(channel)}/`;
export const pinKey = (repo: number, channel: string, number: string): string =>
  `${pinsPrefix(repo, channel)}${number}`;

/** The numbers of all releases that these keys pin. */
export const pinnedIn = (keys: readonly string[]): ReadonlySet<string> =>
  new Set(keys.map((key) => key.slice(key.lastIndexOf("/") + 1)).filter(isNumber));

/** Target -> where a release has its own repository file, from what its publication told of the channel's. */
export function ownRepositories(run: Pick<Run, "stages">, number: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(repositoriesOf(run)).map(([target, url]) => {
      const slash = url.lastIndexOf("/");
      return [target, `${url.slice(0, slash)}/releases/${number}${url.slice(slash)}`];
    }),
  );
}
