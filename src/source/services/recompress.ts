import { join } from "node:path";
import type { Service } from "../../pipelines/service/services.ts";
import type { Bench } from "./bench.ts";
import { compressionOf, packed, unpacked } from "./compress.ts";

/** recompress: files with another compression, or none. The one that it was made of goes, unless it is to be kept. */
export async function runRecompress(params: Service<"recompress">["params"], bench: Bench): Promise<void> {
  const { compression: how, keep = false } = params;
  const files = (await Promise.all(params.file.map((pattern) => bench.matching(pattern)))).flat();
  for (const file of new Set(files)) {
    const { plain, how: before } = compressionOf(file);
    const wanted = how === "none" ? plain : `${plain}.${how}`;
    if (before === how) continue;
    await bench.make(wanted, async (into) => {
      const between = before === "none" ? join(bench.dir, file) : join(await bench.room(), "plain");
      if (before !== "none") await unpacked(join(bench.dir, file), between, bench.net.limits.bytes);
      await packed(between, into, how);
    });
    if (!keep) await bench.drop(file);
  }
}
