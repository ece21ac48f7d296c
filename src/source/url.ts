/** Hosts that may be named, each with the origin (scheme, host, port) that is asked in its place. */
export type Hosts = Readonly<Record<string, string>>;

export type Judged =
  | {
      readonly ok: true;
      /** As the spec means it. */
      readonly url: URL;
      /** As it is asked. */
      readonly ask: URL;
    }
  | { readonly ok: false; readonly because: string };

const LONGEST = 2000;

/**
 * May this address be fetched? The text is judged as it is written, before any parser mends it: two
 * parsers that mend differently are how such checks are passed by.
 */
export function judgeUrl(text: string, hosts: Hosts): Judged {
  const because = fault(text);
  if (because !== undefined) return { ok: false, because };
  if (!URL.canParse(text)) return { ok: false, because: "it is not an address" };
  const url = new URL(text);
  const origin = Object.hasOwn(hosts, url.hostname) ? hosts[url.hostname] : undefined;
  if (origin === undefined) return { ok: false, because: `the host ${url.hostname} is not allowed here` };
  if (!URL.canParse(origin)) return { ok: false, because: `the host ${url.hostname} has no valid origin` };
  return { ok: true, url, ask: asked(url, origin) };
}

/** What is wrong with the text itself. */
function fault(text: string): string | undefined {
  if (text.length > LONGEST) return `it is longer than ${LONGEST} characters`;
  if (!/^[\x21-\x7e]*$/.test(text)) return "it holds blanks, control characters or letters beyond ASCII";
  if (!/^https:\/\//i.test(text)) return "only https:// is fetched";
  if (/[\\^`{}|<>"]/.test(text)) return "it holds a character that no address has";
  const [authority = ""] = text.slice("https://".length).split(/[/?#]/, 1);
  if (authority.includes("@")) return "it holds a user name";
  if (/[:[\]]/.test(authority)) return "it names a port or a numeric host";
  if (!/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(authority)) return "its host is not a plain name";
  if (/%(?![0-9a-f]{2})/i.test(text)) return "it holds a percent sign that encodes nothing";
  if (/%(?:[01][0-9a-f]|7f)/i.test(text)) return "it encodes a control character";
  if (hasDotSegment(text)) return "its path climbs";
  return undefined;
}

const hasDotSegment = (text: string): boolean => {
  const [path = ""] = text.slice("https://".length).split(/[?#]/, 1);
  return path.split("/").some((part) => /^(?:\.|%2e){1,2}$/i.test(part));
};

/** The same path and query at the origin; set part by part, since `//host` as a path would be a host. */
function asked(url: URL, origin: string): URL {
  const ask = new URL(origin);
  ask.pathname = url.pathname;
  ask.search = url.search;
  return ask;
}

/** Judges where a redirect leads. A server that names itself by its own origin means the host it stands for. */
export function judgeRedirect(location: string, from: { url: URL; ask: URL }, hosts: Hosts): Judged {
  const { origin } = from.ask;
  const own = location === origin || location.startsWith(`${origin}/`);
  const path = own ? location.slice(origin.length) || "/" : location;
  if (/^\/(?![/\\])/.test(path)) return judgeUrl(`${from.url.origin}${path}`, hosts);
  return judgeUrl(location, hosts);
}
