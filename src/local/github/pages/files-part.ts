import { html } from "hono/html";
import type { Change } from "../diff.ts";
import type { Html } from "./layout.ts";

const kindOf = (line: string): string => {
  if (line.startsWith("@@")) return "hunk";
  if (line.startsWith("+")) return "add";
  return line.startsWith("-") ? "del" : "same";
};

const onePatch = (patch: string): Html =>
  html`<pre class="diff">
${patch.split("\n").map((line) => html`<span class="${kindOf(line)}">${line}</span>`)}</pre>`;

/** Changed files with their diffs. */
export const filesPart = (list: readonly Change[], patches: ReadonlyMap<string, string>): Html =>
  html`<section aria-labelledby="files">
    <h2 id="files">Files changed <span class="quiet">(${list.length})</span></h2>
    ${list.slice(0, 300).map((change) => {
      const patch = patches.get(change.filename);
      const from = change.previous ? html`<code>${change.previous}</code> → ` : "";
      return html`<details class="box" open>
        <summary>
          ${from}<code>${change.filename}</code>
          <span class="quiet">${change.status}, +${change.additions} −${change.deletions}</span>
        </summary>
        ${patch === undefined ? html`<p class="quiet">No text to show.</p>` : onePatch(patch)}
      </details>`;
    })}
  </section>`;
