import type { Config } from "./config.ts";

/** What of a repository its channels depend on. */
export interface ChannelRepo {
  readonly private: boolean;
  readonly defaultBranch: string;
}

/** Channels that are fed by pushes. */
export const fedByPushes = (
  config: Pick<Config, "channels">,
  repo: ChannelRepo,
): NonNullable<Config["channels"]> =>
  Object.fromEntries(
    Object.entries(channelsOf(config, repo)).filter(
      ([, { branch, nightly }]) => branch !== undefined && nightly === undefined,
    ),
  );

/** How far what depends on a change is built again for a channel; nothing, where it is not. */
export function rebuildsOf(
  { channels = {} }: Pick<Config, "channels">,
  channel: string,
): "direct" | "transitive" | undefined {
  const rule = Object.hasOwn(channels, channel) ? channels[channel] : undefined;
  return rule?.nightly !== undefined || rule?.rebuild === "none" ? undefined : rule?.rebuild;
}

/** Channel -> what feeds it. The mirror is public: of a private repository only what its rules name is published. */
export function channelsOf(
  { channels }: Pick<Config, "channels">,
  repo: ChannelRepo,
): NonNullable<Config["channels"]> {
  return channels ?? (repo.private ? {} : { devel: { branch: repo.defaultBranch } });
}
