import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { When } from "../pipelines/service/modes.ts";
import {
  readServices,
  type Service,
  SERVICE_CAP,
  SERVICE_FILE,
  VENDORING,
} from "../pipelines/service/services.ts";
import type { Net } from "./download.ts";
import { refused } from "./failure.ts";
import { fetcher, type Listed } from "./fetcher.ts";
import { type Say, visible } from "./progress.ts";
import type { Shelf } from "./shelf.ts";
import { type Output, type Place as Running, runServices } from "./services/run-services.ts";
import { pathIn, type Place } from "./tree.ts";

/** Where a recipe's files lie when its services run. */
export interface Table {
  /** The directory with `SPECS` and `SOURCES`. */
  readonly dir: string;
  readonly net: Net;
  readonly shelf: Shelf;
  /** Digests that the repository lists. */
  readonly listed: readonly Listed[];
  readonly say: Say;
  /** Given: the services that only updates run do so, and no others; what changed upstream is heard here. */
  readonly update?: Pick<Running, "onChange"> | undefined;
}

/**
 * Runs the services of a recipe whose files lie in `SOURCES`, and returns the files that they made. Those for the
 * build run here as well, after all others: they are our own code and ask for nothing but the files, so that their
 * result is the same in either place.
 */
export async function serve(place: Place, table: Table): Promise<readonly Output[]> {
  const { dir, net, shelf, say, update } = table;
  const at = visible(pathIn(place.directory, SERVICE_FILE));
  const text = await textOf(join(dir, "SOURCES", SERVICE_FILE), at);
  const services = runningOf(text, {
    at,
    say,
    isWanted: (when) => (when === "update") === (update !== undefined),
    isUpdate: update !== undefined,
  });
  const late = services.filter(({ when }) => when === "build");
  if (late.length > 0)
    say(
      `${at}: services of mode buildtime run now, without the network, after all others; the build gets their files`,
    );
  const scratch = await mkdtemp(join(dir, "services-"));
  const spec = join(dir, "SPECS", place.spec.name);
  try {
    const fetch = fetcher(net, { shelf, say, listed: [...table.listed, ...verified(services)] });
    const where = { dir: join(dir, "SOURCES"), spec, scratch, net, fetch, shelf, say, ...update };
    const made = await runServices([...services.filter(({ when }) => when !== "build"), ...late], where, at);
    return await withoutRaw(made, spec, where.dir);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What later services will hold files against is known of them before. */
const verified = (services: readonly Service[]): readonly Listed[] =>
  services.flatMap((service) =>
    service.name === "verify_file"
      ? [
          {
            file: service.params.file,
            algorithm: service.params.verifier,
            hex: service.params.checksum.toLowerCase(),
          },
        ]
      : [],
  );

async function textOf(path: string, at: string): Promise<string> {
  const { size } = await stat(path);
  if (size > SERVICE_CAP) throw refused(`${at}:1: The file is larger than ${SERVICE_CAP} bytes.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    throw refused(`${at}:1: The file is not UTF-8 text.`, error);
  }
}

interface Told {
  readonly at: string;
  readonly say: Say;
  readonly isWanted: (when: When) => boolean;
  readonly isUpdate: boolean;
}

/** Mistakes in what runs stop everything; those in others are noted. Of an update, people do what cannot be run here. */
function runningOf(text: string, { at, say, isWanted, isUpdate }: Told): readonly Service[] {
  const { services, mistakes } = readServices(text);
  const told = mistakes.map(({ line, sentence, when }) => ({ when, text: `${at}:${line}: ${sentence}` }));
  const isGrave = ({ when }: { readonly when: When }) => !isUpdate && isWanted(when);
  for (const one of told) if (!isGrave(one)) say(`note: ${one.text}`);
  const grave = told.filter(isGrave).slice(0, 5);
  if (grave.length > 0) throw refused(grave.map(({ text }) => visible(text)).join(" "));
  return services.filter(({ when, name }) => isWanted(when) && !(isUpdate && VENDORING.has(name)));
}

/** What obs_scm packed has been packed again by tar: the build has no use for both, unless the spec names it. */
async function withoutRaw(made: readonly Output[], spec: string, dir: string): Promise<readonly Output[]> {
  const text = await readFile(spec, "utf8");
  const hasTarball = made.some(({ file }) => file.includes(".tar"));
  const isRaw = ({ file }: Output) => hasTarball && file.endsWith(".obscpio") && !text.includes(".obscpio");
  await Promise.all(made.filter(isRaw).map(({ file }) => rm(join(dir, file))));
  return made.filter((one) => !isRaw(one));
}
