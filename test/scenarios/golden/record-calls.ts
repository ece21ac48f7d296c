import type { Cast, House } from "./cast.ts";

/**
 * Calls whose number depends on how news happens to come together, and on what processes remember: reading and updating
 * what is shown already, tokens, and what the sweep asks.
 */
const BY_CHANCE = [
  "access-token",
  "list-for-ref",
  "update",
  "list-comments",
  "get-comment",
  "list-installations",
];

/** How often GitHub was asked what: of GraphQL each field that was asked for, of REST each operation. */
export function callsOf({ theatre }: House, cast: Cast): Record<string, number> {
  const counts = new Map<string, number>();
  const calls = theatre.github.admin.calls();
  for (const { caller, operation } of calls) {
    if (caller !== `installation ${cast.installation.id}`) continue;
    for (const part of operation.split(", ")) {
      const [, name = part, times = "1"] = /^(.*?)(?: x(\d+))?$/.exec(part) ?? [];
      if (!BY_CHANCE.some((word) => name.toLowerCase().includes(word)))
        counts.set(name, (counts.get(name) ?? 0) + Number(times));
    }
  }
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
