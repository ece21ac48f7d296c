import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Web } from "../platform/upstream/upstreams.ts";
import { publicLookup } from "./addresses.ts";
import { download, findEnd, type Net } from "./download.ts";
import { isRefusal, wordsOf } from "./failure.ts";
import type { Hosts } from "./url.ts";

/** Hosts outside as a door asks them: those of the deployment, by the rules of source stages, and without waiting long. */
export function web(hosts: Hosts): Web {
  const net = (bytes: number): Net => ({
    hosts,
    lookup: publicLookup(),
    pause: async () => {},
    limits: { bytes, idleMilliseconds: 5000, totalMilliseconds: 10_000 },
  });
  return {
    async read(address, bytes) {
      const dir = await mkdtemp(join(tmpdir(), "millwright-web-"));
      try {
        const file = join(dir, "content");
        await download(address, file, net(bytes));
        return await readFile(file, "latin1");
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    },
    async reach(address) {
      try {
        await findEnd(address, net(0));
        return undefined;
      } catch (error) {
        if (isRefusal(error)) return wordsOf(error);
        throw error;
      }
    },
  };
}
