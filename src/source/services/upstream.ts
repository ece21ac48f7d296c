import type { LookupAddress } from "node:dns";
import { mkdtemp } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { findEnd, type Net } from "../download.ts";
import { refused } from "../failure.ts";
import { createRepository, type Git } from "../git.ts";
import { visible } from "../progress.ts";

/** A repository of somebody's that is fetched from. */
export interface Upstream {
  readonly git: Git;
  /** As the recipe names it. */
  readonly url: string;
  /** Where git keeps its objects here. */
  readonly dir: string;
  readonly net: Net;
}

const ADVERTISEMENT = "/info/refs";

/**
 * Opens an empty repository below `scratch` whose origin is `url`. Where the address leads is found by our own client,
 * hop by hop; git then goes there, to the address that was judged, and follows nothing.
 */
export async function openUpstream(url: string, scratch: string, net: Net): Promise<Upstream> {
  const plain = url.replace(/\/+$/, "");
  const { at, type } = await findEnd(`${plain}${ADVERTISEMENT}?service=git-upload-pack`, net);
  if (!type.startsWith("application/x-git-upload-pack-advertisement") || !at.pathname.endsWith(ADVERTISEMENT))
    throw refused(`${visible(url)} is no repository that git can fetch.`);
  at.search = "";
  at.pathname = at.pathname.slice(0, -ADVERTISEMENT.length);
  const dir = await mkdtemp(join(scratch, "upstream-"));
  const git = await createRepository(dir, { url: at.href, pin: await pinOf(at, net) });
  return { git, url: plain, dir: join(dir, "repository.git"), net };
}

/** The address to connect to, for curl; none for an operator's own origin that is a number. */
async function pinOf({ hostname, protocol, port }: URL, { lookup }: Net): Promise<string | undefined> {
  if (isIP(hostname.replaceAll(/[[\]]/g, "")) > 0) return undefined;
  const found = await new Promise<string | LookupAddress[]>((resolve, reject) => {
    lookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
  const addresses = typeof found === "string" ? [found] : found.map(({ address }) => address);
  const written = addresses.map((address) => (isIP(address) === 6 ? `[${address}]` : address));
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}:${written.join(",")}`;
}
