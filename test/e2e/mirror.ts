import { z } from "zod";
import { bucketOf } from "../../src/cli/runs.ts";
import type { World } from "../../src/cli/world.ts";
import type { Run } from "../../src/pipelines/run.ts";
import type { Stage } from "../../src/pipelines/stage.ts";

const Published = z.object({
  targets: z.array(
    z.object({
      snapshot: z.string(),
      repo: z.string(),
      packages: z.array(
        z.object({ file: z.string(), unsigned: z.string(), sha256: z.string(), path: z.string() }),
      ),
    }),
  ),
});

/** The bytes of an object in a bucket, which must be there. */
export async function bytesOf({ stack }: World, bucket: string, key: string): Promise<Uint8Array> {
  const object = await bucketOf(stack, bucket).get(key);
  if (!object) throw new Error(`${bucket} has no ${key}`);
  return object.value;
}

export const textOf = async (world: World, bucket: string, key: string): Promise<string> =>
  Buffer.from(await bytesOf(world, bucket, key)).toString();

/** A stage of a run, by the beginning of its name. */
export function stageOf(run: Run, name: string): Stage {
  const stage = run.stages.find((one) => one.name.startsWith(name));
  if (!stage) throw new Error(`${run.id} has no stage ${name}`);
  return stage;
}

/** The packages that a stage left. */
export const rpmsOf = ({ files = [] }: Stage) => files.filter(({ name }) => name.endsWith(".rpm"));

/** What a publish stage says it published for the one target. */
export async function publishedBy(world: World, stage: Stage) {
  const text = await textOf(world, "StateBucket", `${stage.prefix}published.json`);
  const [target] = Published.parse(JSON.parse(text)).targets;
  if (!target) throw new Error(`nothing was published: ${text}`);
  return target;
}

/** Flips the last byte of an object of the mirror while `work` is done; its length stays what it was. */
export async function withFlippedByte<T>(world: World, key: string, work: () => Promise<T>): Promise<T> {
  const mirror = bucketOf(world.stack, "MirrorBucket");
  const bytes = await bytesOf(world, "MirrorBucket", key);
  const flipped = Uint8Array.from(bytes);
  flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
  await mirror.put(key, flipped);
  try {
    return await work();
  } finally {
    await mirror.put(key, bytes);
  }
}
