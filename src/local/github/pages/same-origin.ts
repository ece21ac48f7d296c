import { refuse } from "../refusal.ts";

/** Names by which a browser on this machine reaches this machine. */
const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Lets only what our own pages post pass. A foreign page's post carries its own origin; a foreign name that was made
 * to lead here is no name of this machine.
 */
export const refuseForeignPost = (request: Request): void => {
  const { hostname, origin } = new URL(request.url);
  if (!loopback.has(hostname)) throw refuse(403, "Forms are taken on this machine only.");
  if (request.headers.get("origin") !== origin)
    throw refuse(403, "This form was not sent by a page of this GitHub.");
};

/** An address of our own to come back to; the start page where it is none. */
export const ownAddress = (wanted: string): string =>
  wanted.startsWith("/") && !wanted.startsWith("//") && !wanted.includes("\\") ? wanted : "/";
