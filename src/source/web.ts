import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Web } from "../platform/upstream/upstreams.ts";
import { publicLookup } from "./addresses.ts";
import { download, findEnd, type Net } from "./download.ts";
import { isRefusal, wordsOf } from "./failure.ts";
import { digestsOf } from "./renew-sums.ts";
import type { Hosts } from "./url.ts";

/** Hosts outside as a door asks them: those of the deployment, by the rules of source stages, and without waiting long. */
export function web(hosts: Hosts): Web {
  const net = (bytes: number): Net => ({
    hosts,
    lookup: publicLookup(),
    pause: async () => {},
    limits: { bytes, idleMilliseconds: 5000, totalMilliseconds: 10_000 },
  });
  const fetched = async <T>(
    address: string,
    bytes: number,
    use: (file: string) => Promise<T>,
  ): Promise<T> => {
    const dir = await mkdtemp(join(tmpdir(), "millwright-web-"));
    try {
      const file = join(dir, "content");
      await download(address, file, net(bytes));
      return await use(file);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  };
  return {
    read: (address, bytes) => fetched(address, bytes, (file) => readFile(file, "latin1")),
    digests: (address, bytes) =>
      fetched(address, bytes, digestsOf).catch((error: unknown) => {
        if (isRefusal(error)) return wordsOf(error);
        throw error;
      }),
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
