import { tendCalendar } from "../../src/flow/tend/tend-calendar.ts";
import { type Channel, channelKey } from "../../src/pipelines/pull-channel.ts";
import { ARM, SOURCE, sourced, world, type World, X86 } from "./world.ts";
import { memoryBlobs } from "./memory.ts";

export const SHOWN = "channel/pr~2f.7";
export const POOL = "publish-pull";
const PASSED = "SUCCEEDED" as const;

/** A deployment that publishes pull requests, with a mirror and a calendar whose time is told. */
export function channelWorld() {
  const town = world();
  const pullKey = { name: "p", email: "p@example.org", created: "2026-01-01T00:00:00Z" };
  (town.ports as { deployment: unknown }).deployment = { ...town.ports.deployment, pullKey };
  const bucket = memoryBlobs();
  /** What happens before an object of the mirror is removed. */
  const meanwhile = { remove: async (_key: string): Promise<void> => undefined };
  const mirror = {
    ...bucket,
    async remove(key: string): Promise<boolean> {
      await meanwhile.remove(key);
      return bucket.remove(key);
    },
  };
  const channel = async (): Promise<Channel | undefined> =>
    (await town.ports.channels.read(channelKey(1, 7)))?.value;
  const calendar = (now: string, more: Partial<typeof town.ports> = {}) =>
    tendCalendar({ ...town.ports, ...more, mirror, clock: () => now })();
  return { ...town, mirror, meanwhile, channel, calendar };
}

export type ChannelWorld = ReturnType<typeof channelWorld>;

const rpms = (sha: string) => ({ "greet.rpm": `greet of ${sha}` });

/** The builds of a run are over; those that are named pass. */
export async function built(town: World, id: string, passing: readonly string[] = [X86, ARM]): Promise<void> {
  if ((await town.stage(id, SOURCE)).state !== "passed") await sourced(town, id);
  for (const [name, pool] of [
    [X86, "build-untrusted-x86_64"],
    [ARM, "build-untrusted-aarch64"],
  ] as const) {
    if ((await town.stage(id, name)).state === "passed") continue;
    await town.dispatch(pool);
    const { build = "" } = await town.stage(id, name);
    // Every commit is another input here: what one left is not taken for the other's.
    for (const key of town.ports.built.all.keys()) town.ports.built.all.delete(key);
    if (build === "") continue;
    if (passing.includes(name)) await town.leave(id, name, rpms(id));
    town.builder.end(build, passing.includes(name) ? PASSED : "FAILED", { endedAt: town.ports.clock() });
    await town.track(build);
  }
}

/** What the publish stage of the pull request was told last. */
export function told(town: World): {
  readonly key: { readonly id: string; readonly email: string };
  readonly channel: string;
  readonly mirror: { readonly prefix: string };
  readonly targets: readonly {
    readonly target: string;
    readonly packages: readonly { readonly arch: string }[];
    readonly withdraw?: readonly string[];
  }[];
} {
  const order = town.builder.orders.findLast(({ pool }) => pool === POOL);
  const key = order?.manifest.slice("memory:".length) ?? "";
  return JSON.parse(new TextDecoder().decode(town.ports.blobs.all.get(key)));
}

/** The publish stage of a run is carried out: these NEVRAs are on the mirror from then on. */
export async function published(town: ChannelWorld, id: string, nevras: readonly string[]): Promise<void> {
  await town.dispatch(POOL);
  const { build = "" } = await town.stage(id, SHOWN);
  const packages = nevras.map((nevra) => ({ nevra }));
  await town.leave(id, SHOWN, {
    "published.json": JSON.stringify({ targets: [{ target: "debian-12", packages }] }),
    "facts.json": JSON.stringify({ "repository for debian-12": "https://mirror.example/x.repo" }),
  });
  for (const key of OBJECTS) await town.mirror.put(`acme/os/pr/7/${key}`, id);
  town.builder.end(build, PASSED, { endedAt: town.ports.clock() });
  await town.track(build);
}

export const OBJECTS = [
  "RPM-GPG-KEY-millwright",
  "debian-12/mirrorlist",
  "debian-12/pool/aa/aaaa/greet.rpm",
  "debian-12/snapshots/000001/repodata/repomd.xml",
  "os-pr-7-debian-12.repo",
];
