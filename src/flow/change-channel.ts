import type { Channel } from "../pipelines/pull-channel.ts";
import type { Records } from "../ports.ts";

export interface ChannelPorts {
  readonly channels: Records<Channel>;
}

/** The only writer of what is known of a channel: read, change, compare-and-swap. `undefined` changes nothing. */
export async function changeChannel(
  { channels }: ChannelPorts,
  key: string,
  change: (was: Channel | undefined) => Channel | undefined,
): Promise<Channel | undefined> {
  for (;;) {
    const record = await channels.read(key);
    const now = change(record?.value);
    if (now === undefined || now === record?.value) return record?.value;
    const isWritten = record
      ? await channels.replace(key, now, record.version)
      : await channels.create(key, now);
    if (isWritten) return now;
  }
}
