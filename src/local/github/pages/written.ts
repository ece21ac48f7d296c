import { html, raw } from "hono/html";
import { Marked } from "marked";
import type { Html } from "./layout.ts";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const markdown = new Marked({
  gfm: true,
  // HTML is not even recognised: inside of what it takes for HTML, marked does not escape.
  tokenizer: { html: () => undefined, tag: () => undefined },
  renderer: {
    html: ({ raw: written }) => escaped(written),
    image: ({ text }) => escaped(text),
    link({ href, tokens }) {
      const inner = this.parser.parseInline(tokens);
      return /^https?:\/\//.test(href)
        ? `<a href="${escaped(href).replaceAll('"', "&quot;")}" rel="nofollow noreferrer">${inner}</a>`
        : inner;
    },
  },
});

/** Cuts out `<!-- … -->`, which GitHub does not show. */
const withoutComments = (text: string): string => {
  let [kept, at] = ["", 0];
  for (let start = text.indexOf("<!--"); start >= 0; start = text.indexOf("<!--", at)) {
    const end = text.indexOf("-->", start + 4);
    if (end < 0) break;
    kept += text.slice(at, start);
    at = end + 3;
  }
  return kept + text.slice(at);
};

/**
 * Markdown that people and bots wrote. HTML in it is shown as what it is and not obeyed, but for comments, which
 * GitHub does not show; of links, only those to the web are links; no picture is fetched.
 */
export const writtenText = (text: string | null): Html =>
  html`<div class="written">
    ${raw(markdown.parse(withoutComments(text ?? "").trim(), { async: false }))}
  </div>`;
