import { html, raw } from "hono/html";
import { Marked } from "marked";

/** A piece of a page; everything put into it is escaped. */
export type Html = ReturnType<typeof html>;

const style = `
:root { color-scheme: light dark; --line: #8886; --quiet: #59636e; --good: #1a7f37; --bad: #c62828; --busy: #8a5a00; --link: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --quiet: #a3acb5; --good: #4ac26b; --bad: #ff8a80; --busy: #e3b341; --link: #79b8ff; } }
body { font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; margin: 0 auto; max-width: 62rem; padding: 1rem 1rem 4rem; }
a { color: var(--link); } h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.quiet { color: var(--quiet); } nav { margin-bottom: 1.5rem; }
.box { border: 1px solid var(--line); border-radius: 6px; margin: 0 0 1rem; overflow: hidden; }
.box > header, .box > summary { background: #8881; border-bottom: 1px solid var(--line); padding: .4rem .8rem; overflow-wrap: anywhere; }
.box > .text, .box > p { margin: 0; padding: .6rem .8rem; }
.text, pre { font: 14px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
.written { padding: .2rem .8rem; overflow-wrap: anywhere; } .written pre { background: #8881; border-radius: 6px; overflow-x: auto; padding: .6rem .8rem; white-space: pre; }
.diff { margin: 0; overflow-x: auto; } .diff span { display: block; min-height: 1.5em; padding: 0 .8rem; }
.add { background: #2da44e33; } .del { background: #cf222e2e; } .hunk { background: #0969da1f; }
ul.rows { list-style: none; margin: 0; padding: 0; } ul.rows > li { border-top: 1px solid var(--line); padding: .5rem .8rem; } ul.rows > li:first-child { border-top: 0; }
.mark { font-weight: 600; } .good { color: var(--good); } .bad { color: var(--bad); } .busy { color: var(--busy); }
table { border-collapse: collapse; width: 100%; } td, th { border-top: 1px solid var(--line); padding: .35rem .8rem; text-align: left; vertical-align: top; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }
`;

/** A whole page: its title, the way back, and its content. */
export const layout = (
  title: string,
  trail: readonly (readonly [name: string, href: string])[],
  content: Html,
): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <nav aria-label="Way back">
          <a href="/">Local GitHub</a>${trail.map(([name, href]) => html` / <a href="${href}">${name}</a>`)}
        </nav>
        <main>${content}</main>
      </body>
    </html>`;

/**
 * Markdown that people and bots wrote. HTML in it is shown as what it is and not obeyed, but for comments, which
 * GitHub does not show; of links, only those to the web are links.
 */
export const writtenText = (text: string | null): Html =>
  html`<div class="written">
    ${raw(markdown.parse((text ?? "").replaceAll(/<!--[\s\S]*?-->/g, "").trim(), { async: false }))}
  </div>`;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const markdown = new Marked({
  gfm: true,
  renderer: {
    html: ({ raw: written }) => escaped(written),
    image: ({ text }) => escaped(text),
    link({ href, tokens }) {
      const inner = this.parser.parseInline(tokens);
      return /^https?:\/\//.test(href)
        ? `<a href="${escaped(href).replaceAll('"', "&quot;")}">${inner}</a>`
        : inner;
    },
  },
});

/** A time as people read it: `2026-11-21 23:27 UTC`. */
export const when = (time: string): Html =>
  html`<time datetime="${time}">${time.slice(0, 16).replace("T", " ")} UTC</time>`;
