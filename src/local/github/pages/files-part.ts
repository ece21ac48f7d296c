import { html } from "hono/html";
import type { Change } from "../diff.ts";
import { lookOf, noteText, placeOf, type Note } from "./annotation-part.ts";
import { diffRows, type DiffRow } from "./diff-rows.ts";
import type { Html } from "./layout.ts";

const mostFiles = 300;
const mostRows = 2000;

export interface Changed {
  readonly list: readonly Change[];
  readonly patches: ReadonlyMap<string, string>;
  readonly notes?: readonly Note[] | undefined;
}

/** Changed files with their diffs, and what checks say of their lines. */
export const filesPart = ({ list, patches, notes = [] }: Changed): Html => {
  const shown = list.slice(0, mostFiles);
  const names = new Set(shown.map(({ filename }) => filename));
  const elsewhere = notes.filter(({ annotation }) => !names.has(annotation.path));
  const sum = (key: "additions" | "deletions"): number => list.reduce((all, one) => all + one[key], 0);
  return html`<section aria-labelledby="files">
    <h2 id="files">
      ${list.length} ${list.length === 1 ? "file" : "files"} changed
      <span class="small"
        ><span class="good">+${sum("additions")}</span> <span class="bad">−${sum("deletions")}</span></span
      >
    </h2>
    ${elsewhere.length === 0 ? "" : elsewherePart(elsewhere)}
    ${shown.map((change) =>
      oneFile(change, {
        patch: patches.get(change.filename),
        notes: notes.filter(({ annotation }) => annotation.path === change.filename),
      }),
    )}
    ${shown.length < list.length ? html`<p class="quiet">${list.length - shown.length} more are not shown.</p>` : ""}
  </section>`;
};

const elsewherePart = (notes: readonly Note[]): Html =>
  html`<div class="box">
    <header><strong>Said of files that do not change here</strong></header>
    ${notes.map((note) => outside(note))}
  </div>`;

const outside = (note: Note): Html =>
  html`<div class="note-out">${noteText(note, placeOf(note.annotation))}</div>`;

const oneFile = (
  change: Change,
  { patch, notes }: { patch: string | undefined; notes: readonly Note[] },
): Html => {
  const rows = patch === undefined ? [] : diffRows(patch);
  const lines = new Set(rows.slice(0, mostRows).map(({ after }) => after));
  const beyond = notes.filter(({ annotation }) => !lines.has(annotation.end_line));
  const from = change.previous ? html`<code>${change.previous}</code> → ` : "";
  return html`<details class="box" open>
    <summary>
      ${from}<code>${change.filename}</code>
      <span class="quiet small">${change.status}</span>
      <span class="small"
        ><span class="good">+${change.additions}</span> <span class="bad">−${change.deletions}</span></span
      >
    </summary>
    ${beyond.map((note) => outside(note))}
    ${
      patch === undefined
        ? html`<p class="quiet">No text to show.</p>`
        : html`<div class="scroll">
              <table class="diff">
                ${rows.slice(0, mostRows).map((row) => oneRow(row, notes))}
              </table>
            </div>
            ${rows.length > mostRows ? html`<p class="quiet">${rows.length - mostRows} more lines are not shown.</p>` : ""}`
    }
  </details>`;
};

const oneRow = ({ kind, before, after, text }: DiffRow, notes: readonly Note[]): Html => {
  const here = after === undefined ? [] : notes.filter(({ annotation }) => annotation.end_line === after);
  return html`<tr class="${kind}">
      <td class="num">${before ?? ""}</td>
      <td class="num">${after ?? ""}</td>
      <td>${text}</td>
    </tr>
    ${here.map(
      (note) =>
        html`<tr>
          <td class="note" colspan="3">
            <div class="edge-${lookOf(note.annotation.annotation_level)[0]}">${noteText(note)}</div>
          </td>
        </tr>`,
    )}`;
};
