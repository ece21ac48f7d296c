import { lookup as systemLookup, type LookupAddress } from "node:dns";
import { BlockList, isIPv4, type LookupFunction } from "node:net";
import { refused } from "./failure.ts";

/** IPv4 ranges that are not the public internet (IANA's special-purpose registry). */
const SPECIAL: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** IPv6 ranges inside the global one that are documentation or carry an IPv4 address. */
const CARRIERS: readonly (readonly [string, number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const special = new BlockList();
for (const [net, bits] of SPECIAL) special.addSubnet(net, bits, "ipv4");
for (const [net, bits] of CARRIERS) special.addSubnet(net, bits, "ipv6");
const global6 = new BlockList();
global6.addSubnet("2000::", 3, "ipv6");

/** Is it an address of the public internet? Mapped, translated and local ones are not. */
export const isPublic = (address: string): boolean =>
  isIPv4(address)
    ? !special.check(address, "ipv4")
    : global6.check(address, "ipv6") && !special.check(address, "ipv6");

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
