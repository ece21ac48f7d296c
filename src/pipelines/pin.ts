import { z } from "zod";
import { isNumber } from "./release.ts";
import { type Run, slug } from "./run.ts";

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

const FACT = "repository for ";

/** Target -> where a release has its own repository file, from what its publication told of the channel's. */
export function ownRepositories({ stages }: Run, number: string): Readonly<Record<string, string>> {
  const told = stages.filter(({ kind }) => kind === "publish").map(({ facts }) => facts ?? {});
  return Object.fromEntries(
    told
      .flatMap((facts) => Object.entries(facts))
      .filter(([name]) => name.startsWith(FACT))
      .map(([name, url]) => {
        const slash = url.lastIndexOf("/");
        return [name.slice(FACT.length), `${url.slice(0, slash)}/releases/${number}${url.slice(slash)}`];
      }),
  );
}
