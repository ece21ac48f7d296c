import type { Channel } from "../pipelines/pull-channel.ts";
import type { Records } from "../ports.ts";
import { changeRecord } from "./change-record.ts";

export interface ChannelPorts {
  readonly channels: Records<Channel>;
}

/** The only writer of what is known of a channel. `undefined` changes nothing. */
export const changeChannel = (
  { channels }: ChannelPorts,
  key: string,
  change: (was: Channel | undefined) => Channel | undefined,
): Promise<Channel | undefined> => changeRecord(channels, key, change);
