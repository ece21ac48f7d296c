import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { pipeline } from "node:stream/promises";
import { infrastructure, refused } from "./failure.ts";
import { type Pause, retry } from "./retry.ts";
import { type Hosts, type Judged, judgeRedirect, judgeUrl } from "./url.ts";

/** How the network may be used. */
export interface Net {
  readonly hosts: Hosts;
  readonly lookup: LookupFunction;
  readonly pause: Pause;
  readonly limits: {
    /** Of the file; of all files of a recipe together. */
    readonly bytes: number;
    /** Of silence. */
    readonly idleMilliseconds: number;
    /** Of one try. */
    readonly totalMilliseconds: number;
  };
}

export interface Downloaded {
  readonly bytes: number;
  readonly sha256: string;
}

const REDIRECTS = 5;

/** Fetches an address into a new file. Every hop is judged; a broken connection is tried again. */
export async function download(address: string, into: string, net: Net): Promise<Downloaded> {
  const permitted = permit(judgeUrl(address, net.hosts), address);
  return retry(`${address} cannot be fetched`, net.pause, async () => {
    const signal = AbortSignal.timeout(net.limits.totalMilliseconds);
    const { response } = await follow(permitted, net, signal);
    return save(response, into, net.limits.bytes);
  });
}

/** Where an address leads in the end, every hop judged, and what kind of content stands there. */
export async function findEnd(
  address: string,
  net: Net,
): Promise<{ readonly at: URL; readonly type: string }> {
  const permitted = permit(judgeUrl(address, net.hosts), address);
  return retry(`${address} cannot be fetched`, net.pause, async () => {
    const { at, response } = await follow(permitted, net, AbortSignal.timeout(net.limits.totalMilliseconds));
    response.destroy();
    return { at: at.ask, type: response.headers["content-type"] ?? "" };
  });
}

type Permitted = Extract<Judged, { ok: true }>;

function permit(judged: Judged, address: string): Permitted {
  if (judged.ok) return judged;
  throw refused(`${address} is not fetched: ${judged.because}.`);
}

interface Followed {
  readonly at: Permitted;
  readonly response: IncomingMessage;
}

async function follow(first: Permitted, net: Net, signal: AbortSignal): Promise<Followed> {
  let at = first;
  for (let hops = 0; hops <= REDIRECTS; hops++) {
    const response = await ask(at.ask, net, signal);
    const { statusCode: status = 0, headers } = response;
    if (status === 200) return { at, response };
    response.destroy();
    if (status < 300 || status > 399 || !headers.location)
      throw answered(at.url, status, headers["retry-after"]);
    const from = at.url.href;
    at = permit(
      judgeRedirect(headers.location, at, net.hosts),
      `${headers.location} (sent there by ${from})`,
    );
  }
  throw refused(`${first.url.href} leads on through more than ${REDIRECTS} redirects.`);
}

function answered(url: URL, status: number, retryAfter: string | undefined): Error {
  const sentence = `${url.href} answered HTTP ${status}.`;
  const mayPass = status >= 500 || status === 429 || status === 408;
  return mayPass ? infrastructure(sentence, undefined, Number(retryAfter) || 0) : refused(sentence);
}

/** One request on a connection of its own, so that every host is looked up and judged. */
function ask(target: URL, { lookup, limits }: Net, signal: AbortSignal): Promise<IncomingMessage> {
  const request = target.protocol === "https:" ? tlsRequest : plainRequest;
  const headers = { "user-agent": "millwright", accept: "*/*", "accept-encoding": "identity" };
  return new Promise((resolve, reject) => {
    const outgoing = request(target, { agent: false, lookup, signal, headers }, resolve);
    outgoing.on("error", reject);
    outgoing.setTimeout(limits.idleMilliseconds, () =>
      outgoing.destroy(new Error(`silence for ${limits.idleMilliseconds / 1000} s`)),
    );
    outgoing.end();
  });
}

async function save(response: IncomingMessage, into: string, most: number): Promise<Downloaded> {
  const hash = createHash("sha256");
  let bytes = 0;
  const meter = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > most) throw refused(`The file is larger than ${most} bytes.`);
      hash.update(chunk);
      yield chunk;
    }
  };
  await pipeline(response, meter, createWriteStream(into));
  return { bytes, sha256: hash.digest("hex") };
}
