import type { Config } from "../../bot/config/config.ts";
import { layersOf } from "../../bot/config/layers.ts";
import { Indexed, type Layer, pointedAt, POINTER, snapshotFile } from "../../pipelines/layer.ts";
import { mirrorPrefix } from "../../pipelines/manifest/publish.ts";
import type { Work } from "../../pipelines/plan.ts";
import type { Repo } from "../../pipelines/repo.ts";
import type { Run, Trigger } from "../../pipelines/run.ts";
import type { Blobs } from "../../ports.ts";

interface Ports {
  /** What is on the mirror. */
  readonly mirrored: Pick<Blobs, "get">;
}

interface Binding {
  readonly repo: Pick<Repo, "owner" | "name">;
  readonly config: Pick<Config, "channels">;
  readonly trigger: Trigger;
  /** The run as it was laid out before, if it was: what is added to it is built over the same. */
  readonly known: Run | undefined;
}

/** Binds packages to the snapshots, as they are by now, of the channels that their own stands over. */
export async function bindLayers(
  ports: Ports,
  { repo, config, trigger, known }: Binding,
  work: readonly Work[],
): Promise<readonly Work[]> {
  const { channels = {} } = config;
  const names = layersOf(channels, fedBy(channels, trigger) ?? "");
  if (names.length === 0) return work;
  const before = new Map((known?.jobs ?? []).map(({ target, layers }) => [target, layers ?? []]));
  const targets = [...new Set(work.map(({ target }) => target))];
  const found = new Map(
    await Promise.all(
      targets.map(async (target) => {
        const layers = before.get(target) ?? (await layersFor(ports, { repo, target, names }));
        return [target, layers] as const;
      }),
    ),
  );
  return work.map((one) => {
    const layers = one.recipe.kind === "rpm" ? (found.get(one.target) ?? []) : [];
    return layers.length === 0 ? one : { ...one, layers };
  });
}

/** The channel that what is built would come to: of a pull request the one that its base feeds. */
function fedBy(channels: NonNullable<Config["channels"]>, trigger: Trigger): string | undefined {
  if ("channel" in trigger) return trigger.channel;
  const fed = Object.entries(channels).filter(([, { branch }]) => branch === trigger.branch);
  return (fed.find(([, { nightly }]) => nightly === undefined) ?? fed[0])?.[0];
}

interface Place {
  readonly repo: Binding["repo"];
  readonly target: string;
  readonly names: readonly string[];
}

/** A channel to which nothing was published yet for the target is no layer. */
async function layersFor(ports: Ports, { repo, target, names }: Place): Promise<readonly Layer[]> {
  const found = await Promise.all(
    names.map(async (channel) => {
      const at = `${mirrorPrefix({ repo, channel })}/${target}`;
      const snapshot = pointedAt((await textAt(ports, `${at}/${POINTER}`)) ?? "");
      if (snapshot === undefined) return undefined;
      const record = await textAt(ports, `${at}/${snapshotFile(snapshot, "snapshot.json")}`);
      if (record === undefined) throw new Error(`${at} points at snapshot ${snapshot}, which has no record`);
      return { channel, snapshot, repomd: Indexed.parse(JSON.parse(record)).repomd };
    }),
  );
  return found.filter((layer) => layer !== undefined);
}

async function textAt({ mirrored }: Ports, key: string): Promise<string | undefined> {
  const there = await mirrored.get(key);
  return there && new TextDecoder().decode(there.value);
}
