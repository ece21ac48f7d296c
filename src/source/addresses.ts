import { lookup as systemLookup, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { refused } from "./failure.ts";

/** What IPv6 has given out to anybody, and the one part of it that is for documents which the library does not know. */
const GIVEN = ipaddr.parseCIDR("2000::/3");
const DOCUMENTS = ipaddr.parseCIDR("3fff::/20");

/** Is it an address of the public internet? Mapped, translated and local ones are not. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || (parsed.match(GIVEN) && !parsed.match(DOCUMENTS));
}

/** Resolves all addresses of a name. */
export type Resolve = (
  host: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const resolveBySystem: Resolve = (host, done) => {
  systemLookup(host, { all: true, verbatim: true }, done);
};

/**
 * A lookup for connections: what it has checked is what is connected to, so a second answer of the name
 * server changes nothing. Numeric hosts never come here: only an operator's origin may be one.
 */
export function publicLookup(resolve: Resolve = resolveBySystem): LookupFunction {
  return (host, options, done) => {
    resolve(host, (error, addresses) => {
      const [first] = addresses ?? [];
      const hidden = addresses?.find(({ address }) => !isPublic(address));
      if (error) done(error, "", 0);
      else if (hidden) done(refused(`${host} resolves to ${hidden.address}, which is not public`), "", 0);
      else if (!first) done(new Error(`${host} has no address`), "", 0);
      else if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
