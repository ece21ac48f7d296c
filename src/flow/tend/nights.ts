import { nightsDue } from "../../bot/nights.ts";
import type { RepoRef } from "../../bot/events.ts";
import type { CalendarPorts } from "./expire-channels.ts";
import { forEach } from "../for-each.ts";
import { isConfig, rulesOf } from "../rules-of.ts";
import { served } from "../served.ts";

/** Nightly channels whose hour has come today, each once. */
export async function tendNights(ports: CalendarPorts): Promise<void> {
  await forEach(await served(ports), "repositories with nightly channels", (repo) => tend(ports, repo));
}

async function tend(ports: CalendarPorts, repo: RepoRef): Promise<void> {
  const config = await rulesOf(ports, repo);
  if (!isConfig(config)) return;
  for (const { channel, night } of nightsDue(config, ports.clock())) {
    const key = `nights/${repo.id}/${channel}/${night}`;
    if (await ports.blobs.get(key)) continue;
    await ports.events.send({ v: 1, event: { kind: "night-came", repo, channel, night } });
    // After the event: a night that is told of twice is one night.
    await ports.blobs.put(key, ports.clock());
  }
}
