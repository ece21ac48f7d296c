import { z } from "zod";

/** A channel whose packages a build may require, pinned: its snapshot's number, and the SHA-256 in hex of its `repomd.xml`. */
export const Layer = z.readonly(
  z.strictObject({ channel: z.string(), snapshot: z.int(), repomd: z.string() }),
);
export type Layer = z.infer<typeof Layer>;

/** The pointer and a snapshot's record, below `<channel>/<target>/` on the mirror. */
export const POINTER = "mirrorlist";
export const snapshotFile = (snapshot: number, file: string): string =>
  `snapshots/${String(snapshot).padStart(6, "0")}/${file}`;

/** The number of the snapshot that a pointer names. */
export function pointedAt(pointer: string): number | undefined {
  const [number, snapshots] = pointer.trimEnd().split("/").toReversed().slice(1);
  const isNumber =
    number !== undefined && number !== "" && Array.from(number).every((c) => c >= "0" && c <= "9");
  return isNumber && snapshots === "snapshots" ? Number(number) : undefined;
}

/** What is read of a snapshot's record. */
export const Indexed = z.object({ repomd: z.string() });

/** The layers of a job as a part of a key: names, numbers and the beginnings of digests. */
export const layersKey = (layers: readonly Layer[] = []): string =>
  layers.map(({ channel, snapshot, repomd }) => [channel, snapshot, repomd.slice(0, 16)].join("-")).join("+");
