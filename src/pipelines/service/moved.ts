import { isAddress, readSpec, sourceFile } from "../spec/spec.ts";
import { readServices, type Service } from "./services.ts";

/** What of a recipe says where its sources are fetched from. */
interface Texts {
  readonly spec: string;
  readonly service?: string | undefined;
}

/** A source that is fetched from another address than before. */
export interface Moved {
  /** How the file was called, and how it is called now: it may keep its name. */
  readonly was: string;
  readonly file: string;
  readonly url: string;
}

/** The sources of a recipe whose addresses changed, each once. */
export function movedSources(before: Texts, now: Texts): readonly Moved[] {
  const olds = fetchedBy(before);
  const moved = Array.from(fetchedBy(now), ([place, { file, url }]): readonly Moved[] => {
    const old = olds.get(place);
    return old && old.url !== url ? [{ was: old.file, file, url }] : [];
  }).flat();
  return moved.filter((one, at) => at === moved.findIndex(({ file }) => file === one.file));
}

interface Fetched {
  readonly file: string;
  readonly url: string;
}

/** By what asks for it: a tag of the spec, or a service by its place among its like. */
function fetchedBy({ spec, service }: Texts): ReadonlyMap<string, Fetched> {
  const { sources, patches } = readSpec(spec);
  const written = [...sources, ...patches].flatMap(({ tag, number, value }, at) =>
    isAddress(value) && !value.includes("%")
      ? [[`${tag} ${number} ${at}`, { file: sourceFile(value), url: value }] as const]
      : [],
  );
  const services = service === undefined ? [] : readServices(service).services;
  const served = services
    .filter((one) => one.name === "download_url")
    .flatMap(({ params }, at) => {
      const fetched = downloadOf(params);
      return fetched ? [[`download_url ${at}`, fetched] as const] : [];
    });
  return new Map([...written, ...served]);
}

/** What download_url fetches, and how it calls it; `undefined`: its parameters name no address. */
export function downloadOf({
  url,
  host,
  path = "",
  filename,
}: Service<"download_url">["params"]): Fetched | undefined {
  const address =
    url ?? (host === undefined ? undefined : `https://${host}${path.startsWith("/") ? "" : "/"}${path}`);
  if (address === undefined) return undefined;
  const [plain = ""] = address.split(/[?#]/, 1);
  return { file: filename ?? sourceFile(plain), url: address };
}
