import { html } from "hono/html";
import type { User } from "../state.ts";
import type { World } from "../world.ts";
import { actAs } from "./person.ts";

/** A piece of a page; everything put into it is escaped. */
export type Html = ReturnType<typeof html>;

/** Who looks at which page. */
export interface Visit {
  readonly world: World;
  /** Whom the visitor acts as. */
  readonly person: User | undefined;
  /** The address of the page, to come back to. */
  readonly path: string;
}

interface Page {
  readonly title: string;
  /** The way back. */
  readonly trail?: readonly (readonly [name: string, href: string])[] | undefined;
  readonly content: Html;
}

/** A whole page: its title, the way back, and its content. */
export const layout = (visit: Visit, { title, trail = [], content }: Page): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/-/style.css" />
      </head>
      <body>
        <div class="top">
          <nav aria-label="Way back">
            <a href="/">Local GitHub</a>${trail.map(
              ([name, href]) => html` <span class="quiet">/</span> <a href="${href}">${name}</a>`,
            )}
          </nav>
          ${actAs(visit)}
        </div>
        <main>${content}</main>
      </body>
    </html>`;

export interface Tab {
  readonly name: string;
  readonly href: string;
  readonly count?: number | undefined;
}

/** Tabs of a page; `here` is the name of the one that is shown. */
export const tabs = (list: readonly Tab[], here: string): Html =>
  html`<nav class="tabs" aria-label="Parts">
    ${list.map(({ name, href, count }) => {
      const number = count === undefined ? "" : html` <span class="count">${count}</span>`;
      return name === here
        ? html`<a href="${href}" aria-current="page">${name}${number}</a>`
        : html`<a href="${href}">${name}${number}</a>`;
    })}
  </nav>`;

/** What an account is called on pages; that it is a bot is said beside. */
export const nameOf = ({ login }: User): string => login.replace("[bot]", "");

/** A time as people read it: `2026-11-21 23:27 UTC`. */
export const when = (time: string): Html =>
  html`<time datetime="${time}">${time.slice(0, 16).replace("T", " ")} UTC</time>`;

/** A path or ref as part of an address: its slashes stay. */
export const pathed = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

/** One button that posts, with what it says besides. */
export const button = (
  action: string,
  words: string,
  { fields = {}, look = "" }: { fields?: Readonly<Record<string, string>>; look?: string } = {},
): Html =>
  html`<form class="inline" method="post" action="${action}">
    ${Object.entries(fields).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
    )}
    <button class="${look}">${words}</button>
  </form>`;
