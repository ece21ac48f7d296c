import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { downloadOf } from "../../pipelines/service/moved.ts";
import type { Service } from "../../pipelines/service/services.ts";
import { isAddress, readSpec, sourceFile } from "../../pipelines/spec/spec.ts";
import { digestOf } from "../checksums.ts";
import { download } from "../download.ts";
import { refused } from "../failure.ts";
import { planSources } from "../plan-sources.ts";
import { visible } from "../progress.ts";
import type { Bench } from "./bench.ts";

/** download_url: one file from one address. */
export async function runDownloadUrl(params: Service<"download_url">["params"], bench: Bench): Promise<void> {
  const asked = downloadOf(params);
  if (asked === undefined) throw refused("It needs a url, or a host and a path.");
  const { file, url } = asked;
  if (params["prefer-old"] && (await bench.files()).includes(file))
    return bench.say(`${visible(file)} is there and is kept`);
  await fetchInto(url, file, bench);
}

/** download_files: all of the spec's Sources and Patches that are addresses. */
export async function runDownloadFiles(
  params: Service<"download_files">["params"],
  bench: Bench,
): Promise<void> {
  const files = await bench.files();
  const whole = readSpec(await readFile(bench.spec, "utf8"));
  // Other files may be made by services that come later.
  const [sources, patches] = [whole.sources, whole.patches].map((all) =>
    all.filter(({ value }) => isAddress(value)),
  );
  const spec = { ...whole, sources: sources ?? [], patches: patches ?? [] };
  const entries = files.map((name) => ({ name, kind: "file", oid: "" }) as const);
  const place = {
    directory: "",
    entries,
    spec: { name: basename(bench.spec), kind: "file", oid: "" },
  } as const;
  for (const plan of planSources(spec, place)) {
    if (plan.kind !== "fetch") continue;
    if (params.enforcelocal)
      throw refused(`${plan.at}: ${visible(plan.file)} is not in the repository; commit it.`);
    await fetchInto(plan.url, plan.file, bench);
  }
  if (!params.enforceupstream) return;
  for (const { value } of [...spec.sources, ...spec.patches])
    if (files.includes(sourceFile(value))) await compare(value, sourceFile(value), bench);
}

const fetchInto = (url: string, file: string, bench: Bench): Promise<void> =>
  bench.make(
    file,
    async (into) => {
      const { bytes, sha256 } = await bench.fetch(url, file, into);
      bench.say(`${visible(file)}: ${bytes} bytes, sha256 ${sha256}`);
    },
    { url },
  );

async function compare(url: string, file: string, bench: Bench): Promise<void> {
  const { sha256 } = await download(url, join(await bench.room(), "upstream"), bench.net);
  if (sha256 !== (await digestOf(join(bench.dir, file), "sha256")))
    throw refused(`${visible(file)} is not what is at ${url}: there it has sha256 ${sha256}.`);
}
