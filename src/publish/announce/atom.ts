import { Feed } from "feed";
import type { Listed, Releases } from "./releases.ts";
import { changeLine, words } from "./words.ts";

/** Releases in the feed: nobody reads further back there. */
const ENTRIES = 50;
const LINES = 40;

/** The releases of a channel as an Atom feed. Its bytes follow from the list alone. */
export function atomOf(all: Releases): string {
  const { url, metadata, repository } = all;
  const feed = new Feed({
    id: `${url}/releases.atom`,
    title: words.title(all),
    description: words.about(all),
    link: `${url}/releases.json`,
    feed: `${url}/releases.atom`,
    updated: new Date(metadata["last-modified"]),
    generator: "Millwright",
    author: { name: repository },
  });
  const times = new Map(all.releases.map(({ release, at }) => [release, at]));
  for (const one of all.releases.slice(0, ENTRIES))
    feed.addItem({
      id: one.metadata,
      title: html(words.release(all, one)),
      link: one.metadata,
      // Whoever knows the entry is to hear that it was taken back.
      date: new Date(times.get(one["rolled-back-by"] ?? "") ?? one.at),
      published: new Date(one.at),
      content: contentOf(one),
    });
  return `${feed.atom1()}\n`;
}

function contentOf(one: Listed): string {
  const shown = one.changes.slice(0, LINES).map(changeLine);
  const more = one.changed - shown.length;
  const repos = one.targets.flatMap(({ target, repo, ...pinned }) => [
    `${html(target)}: ${link(repo)}`,
    `${html(target)}, ${words.pinned}: ${link(pinned["pinned-repo"])}`,
  ]);
  return [
    `<p>${words.facts(one).map(html).join(" ")}</p>`,
    `<p>${html(words.changes(one))}</p>`,
    list([...shown, ...(more > 0 ? [words.more(more)] : [])].map(html)),
    `<p>${words.install}</p>`,
    list(repos),
  ].join("\n");
}

const list = (items: readonly string[]): string =>
  items.length === 0 ? "" : `<ul>\n${items.map((item) => `<li>${item}</li>`).join("\n")}\n</ul>`;

const link = (url: string): string => `<a href="${html(url)}">${html(url)}</a>`;

const html = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
