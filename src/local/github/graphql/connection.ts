import { refuse } from "../refusal.ts";
import type { Node } from "./asking.ts";

/** Which part of a list is asked for. */
export interface Page {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

const most = 100;

const cursorOf = (at: number): string => Buffer.from(`cursor:${at}`).toString("base64");
const placeOf = (cursor: string | null | undefined, absent: number): number => {
  if (!cursor) return absent;
  const at = Number(Buffer.from(cursor, "base64").toString().replace("cursor:", ""));
  if (Number.isInteger(at)) return at;
  throw refuse(422, `\`${cursor}\` does not appear to be a valid cursor.`);
};

interface Shown<T> {
  readonly page: Page;
  readonly node: (item: T) => unknown;
  /** What an edge says besides. */
  readonly edge?: (item: T) => Node;
}

/** A page of a list; GitHub wants to be told how long, and gives a hundred at most. */
export const connection = <T>(name: string, items: readonly T[], { page, node, edge }: Shown<T>): Node => {
  const size = page.first ?? page.last;
  if (size === undefined || size === null)
    throw refuse(
      422,
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  if (size > most)
    throw refuse(
      422,
      `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of ${most} records.`,
    );
  const from = placeOf(page.after, -1) + 1;
  const to = placeOf(page.before, items.length);
  const chosen = page.first === undefined || page.first === null;
  const begin = chosen ? Math.max(from, to - size) : from;
  const end = chosen ? to : Math.min(to, from + size);
  const part = items.slice(begin, end);
  const edges = part.map((item, index) => ({
    ...edge?.(item),
    cursor: cursorOf(begin + index),
    node: () => node(item),
  }));
  return {
    totalCount: items.length,
    nodes: () => part.map((item) => node(item)),
    edges,
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: begin > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
};
