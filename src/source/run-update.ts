import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Moved, movedSources } from "../pipelines/service/moved.ts";
import { SERVICE_FILE } from "../pipelines/service/services.ts";
import { withChangeLines } from "../pipelines/spec/changelog.ts";
import { download } from "./download.ts";
import { visible } from "./progress.ts";
import { renewSums } from "./renew-sums.ts";
import { serve, type Table } from "./serve.ts";
import type { Place } from "./tree.ts";

/** A recipe whose texts speak of the new version already; its files lie in `SPECS` and `SOURCES` of the table. */
export interface Updating {
  readonly place: Place;
  readonly table: Omit<Table, "listed" | "update">;
  /** What spoke of the old version. */
  readonly before: { readonly spec: string; readonly service?: string | undefined };
}

/**
 * What an update asks for besides new texts, done in the place of the old files: the digests of sources that moved are
 * renewed, sources that are committed take the place of their forerunners, and the services run that are for updates.
 */
export async function runUpdate({ place, table, before }: Updating): Promise<void> {
  const sources = join(table.dir, "SOURCES");
  const now = {
    spec: await readFile(join(table.dir, "SPECS", place.spec.name), "utf8"),
    service: await readFile(join(sources, SERVICE_FILE), "utf8").catch(() => undefined),
  };
  const moved = movedSources(before, now);
  const fetched = fetchOnce(table);
  await renewSums(sources, moved, fetched);
  await replaceCommitted(sources, moved, fetched);
  if (now.service !== undefined) await runServices(place, table);
}

/** Fetches a source into a file of its own, the first time that somebody asks for it. */
function fetchOnce({ dir, net, say }: Updating["table"]): (moved: Moved) => Promise<string> {
  const asked = new Map<string, Promise<string>>();
  const fetch = async ({ file, url }: Moved, into: string): Promise<string> => {
    const { bytes, sha256 } = await download(url, into, net);
    say(`${visible(file)}: ${bytes} bytes, sha256 ${sha256}`);
    return into;
  };
  return (moved) => {
    const under = asked.get(moved.url) ?? fetch(moved, join(dir, `moved-${asked.size}`));
    asked.set(moved.url, under);
    return under;
  };
}

async function replaceCommitted(
  dir: string,
  moved: readonly Moved[],
  fetched: (moved: Moved) => Promise<string>,
): Promise<void> {
  const files = new Set(await readdir(dir));
  for (const one of moved.filter(({ was }) => files.has(was))) {
    await copyFile(await fetched(one), join(dir, one.file));
    if (one.was !== one.file) await rm(join(dir, one.was));
  }
}

async function runServices(place: Place, table: Updating["table"]): Promise<void> {
  const told: string[] = [];
  const onChange = ({ lines }: { readonly lines: readonly string[] }) => void told.push(...lines);
  await serve(place, { ...table, listed: [], update: { onChange } });
  if (told.length === 0) return;
  const path = join(table.dir, "SOURCES", place.spec.name.replace(/\.spec$/, ".changes"));
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text !== undefined) await writeFile(path, withChangeLines(text, told));
}
