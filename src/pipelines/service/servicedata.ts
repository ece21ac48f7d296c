import { type Element, isMistake, readXml } from "../xml.ts";

/** What OBS remembers beside a `_service`: up to which commit of an upstream the changes are told. */

export const SERVICEDATA_FILE = "_servicedata";

const LIMITS = { length: 64 * 1024, depth: 3 };

interface Remembered {
  readonly url: string;
  readonly revision: Element;
}

/** The commit that is remembered of an address. */
export function rememberedRevision(text: string, url: string): string | undefined {
  return remembered(text)
    .find((one) => one.url === url)
    ?.revision.text.trim();
}

/** The file with another commit for an address, and nothing else of it touched; a new one where there is none to be read. */
export function withRevision(text: string, url: string, commit: string): string {
  const all = isMistake(readXml(text, LIMITS)) ? "<servicedata>\n</servicedata>\n" : text;
  const known = remembered(all).find((one) => one.url === url)?.revision;
  if (known && known.from > 0) return all.slice(0, known.from) + commit + all.slice(known.to);
  const end = all.lastIndexOf("</servicedata>");
  const entry = `<service name="tar_scm">\n  <param name="url">${escaped(url)}</param>\n  <param name="changesrevision">${commit}</param>\n</service>\n`;
  return end < 0 ? `<servicedata>\n${entry}</servicedata>\n` : all.slice(0, end) + entry + all.slice(end);
}

function remembered(text: string): readonly Remembered[] {
  const root = readXml(text, LIMITS);
  if (isMistake(root) || root.name !== "servicedata") return [];
  return root.children.flatMap(({ children }): readonly Remembered[] => {
    const param = (name: string) => children.find(({ attributes }) => attributes["name"] === name);
    const [url, revision] = [param("url"), param("changesrevision")];
    return url && revision ? [{ url: url.text.trim(), revision }] : [];
  });
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
