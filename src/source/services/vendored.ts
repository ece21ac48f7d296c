import type { Service } from "../../pipelines/service/services.ts";
import { refused } from "../failure.ts";
import { visible } from "../progress.ts";
import type { Bench } from "./bench.ts";

type Vendoring = Service<"go_modules" | "cargo_vendor" | "node_modules">;

/**
 * What vendors dependencies runs tools of languages on the network, and the tools run what they fetch: not here. Where
 * the archive that they would make is committed, it is taken; else the author is told how to make it.
 */
export async function takeVendored(service: Vendoring, bench: Bench): Promise<void> {
  const { stem, ends } = archiveOf(service);
  const names = ends.map((end) => stem + end);
  const found = (await bench.files()).find((file) => names.includes(file));
  if (found === undefined)
    throw refused(
      `it would fetch dependencies, which is not done here: make ${visible(names[0] ?? stem)} where you work (osc service run ${service.name}), commit it, and give the service mode="manual".`,
    );
  bench.say(`${service.name}: ${visible(found)} is in the repository and is taken as it is`);
}

const TARBALLS = [".tar.gz", ".tar.zst", ".tar.xz", ".tar.bz2", ".tar", ".tgz"];

/** The names that the archive may have. */
function archiveOf(service: Vendoring): { readonly stem: string; readonly ends: readonly string[] } {
  switch (service.name) {
    case "go_modules":
      return { stem: service.params.vendorname ?? "vendor", ends: TARBALLS };
    case "cargo_vendor":
      return { stem: tagged("vendor", service.params.tag), ends: TARBALLS.toSorted(zstFirst) };
    case "node_modules":
      return { stem: service.params.cpio ?? "node_modules.obscpio", ends: [""] };
    default:
      return service satisfies never;
  }
}

const tagged = (stem: string, tag: string | undefined): string =>
  tag === undefined ? stem : `${stem}-${tag}`;

const zstFirst = (a: string, b: string): number => Number(b.endsWith(".zst")) - Number(a.endsWith(".zst"));
