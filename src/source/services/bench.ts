import { mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Service } from "../../pipelines/service/services.ts";
import { SERVICEDATA_FILE } from "../../pipelines/service/servicedata.ts";
import { isPrefixed } from "../../pipelines/service/modes.ts";
import type { Net } from "../download.ts";
import { refused } from "../failure.ts";
import type { Fetch } from "../fetcher.ts";
import { isPlainName } from "../files.ts";
import { type Say, visible } from "../progress.ts";
import type { Shelf } from "../shelf.ts";
import type { Change } from "./changes.ts";
import { globs } from "./pattern.ts";

/** A file that a service made. */
export interface Output {
  readonly file: string;
  /** What OBS would call it: `_service:recompress:hello-1.0.tar.xz`. */
  readonly name: string;
  /** Where its content is from, if it is from elsewhere. */
  readonly url?: string | undefined;
  readonly commit?: string | undefined;
}

/** Where services work: one directory of plain files, and whatever they need to make more. */
export interface Place {
  /** The directory of the sources. */
  readonly dir: string;
  /** Path of the spec, which lies elsewhere. */
  readonly spec: string;
  /** An empty directory of the services' own. */
  readonly scratch: string;
  readonly net: Net;
  readonly fetch: Fetch;
  readonly shelf: Shelf;
  readonly say: Say;
  /** Hears what changed upstream, of services with `changesgenerate`; absent: nobody asks. */
  readonly onChange?: ((change: Change) => void) | undefined;
}

export interface Bench extends Place {
  /** Files by name, in their order. */
  files(): Promise<readonly string[]>;
  /** Those that a pattern asks for; none is refused. */
  matching(pattern: string): Promise<readonly string[]>;
  /** A new directory of one's own. */
  room(): Promise<string>;
  /** Makes a file, in the place of one that has its name. */
  make(
    file: string,
    write: (path: string) => Promise<void>,
    from?: Pick<Output, "url" | "commit">,
  ): Promise<void>;
  drop(file: string): Promise<void>;
  outputs(): readonly Output[];
  /** The same place with another service at work. */
  for(service: Service): Bench;
}

export function benchAt(place: Place): Bench {
  const made = new Map<string, Output>();
  const used = new Map<string, number>();
  const files = async () => (await readdir(place.dir)).toSorted();
  const room = () => mkdtemp(join(place.scratch, "room-"));
  const bench = (service?: Service): Bench => ({
    ...place,
    files,
    room,
    async matching(pattern) {
      const isMeant = globs(pattern);
      const found = (await files()).filter(isMeant);
      if (found.length === 0) throw refused(`No file is called ${visible(pattern)}.`);
      return found;
    },
    async make(file, write, from = {}) {
      if (!isPlainName(file)) throw refused(`${visible(file)} is no name for a source.`);
      const path = join(await room(), "made");
      await write(path);
      used.set(file, (await stat(path)).size);
      const bytes = used.values().reduce((sum, size) => sum + size, 0);
      if (bytes > place.net.limits.bytes)
        throw refused(`Services made ${bytes} bytes; ${place.net.limits.bytes} may be.`);
      await rename(path, join(place.dir, file));
      made.set(file, { file, name: nameOf(file, service), ...from });
      place.say(`${service?.name ?? "service"} made ${visible(file)}`);
    },
    async drop(file) {
      await rm(join(place.dir, file));
      made.delete(file);
      used.delete(file);
    },
    outputs: () => [...made.values()],
    for: bench,
  });
  return bench();
}

/** Files of modes that people commit keep their names. */
const nameOf = (file: string, service: Service | undefined): string =>
  service && isPrefixed(service.mode) && file !== SERVICEDATA_FILE
    ? `_service:${service.name}:${file}`
    : file;
