import { isoOf } from "../instant.ts";
import type { ObjectName } from "./names.ts";
import { commitShape, treeShape } from "./shapes.ts";

const hex = (sum: Buffer): string => sum.toString("hex");

/** What a commit tells of itself: the one before it, when it was made (ISO 8601 in UTC), its number, and its root. */
export interface Told {
  readonly sum: string;
  readonly parent: string | undefined;
  readonly at: string;
  readonly version: string | undefined;
  readonly root: readonly ObjectName[];
}

export function toldBy(sum: string, bytes: Uint8Array): Told {
  const [metadata, parent, , , , seconds, tree, rights] = commitShape.read(Buffer.from(bytes));
  const version = new Map(metadata).get("version");
  return {
    sum,
    parent: parent.length === 0 ? undefined : hex(parent),
    at: isoOf(Number(seconds)),
    version: version?.type === "s" ? version.data.toString("utf8", 0, version.data.length - 1) : undefined,
    root: [
      { kind: "dirtree", sum: hex(tree) },
      { kind: "dirmeta", sum: hex(rights) },
    ],
  };
}

/** The objects that a folder leads to, as a mirror has them. */
export function ledToBy(folder: Uint8Array): readonly ObjectName[] {
  const [files, folders] = treeShape.read(Buffer.from(folder));
  return [
    ...files.map(([, sum]) => ({ kind: "filez", sum: hex(sum) }) as const),
    ...folders.flatMap(
      ([, tree, rights]) =>
        [
          { kind: "dirtree", sum: hex(tree) },
          { kind: "dirmeta", sum: hex(rights) },
        ] as const,
    ),
  ];
}
