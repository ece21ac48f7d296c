import { html } from "hono/html";
import type { Annotation } from "../state.ts";
import type { Html } from "./layout.ts";

/** An annotation, and the check that made it. */
export interface Note {
  readonly annotation: Annotation;
  readonly check?: string | undefined;
}

const looks: Readonly<Record<string, readonly [kind: string, words: string]>> = {
  failure: ["bad", "Failure"],
  warning: ["busy", "Warning"],
  notice: ["quiet", "Notice"],
};

export const lookOf = (level: string): readonly [kind: string, words: string] =>
  looks[level] ?? ["quiet", level];

/** What an annotation says: its level, who says it, its title and its words. */
export const noteText = ({ annotation, check }: Note, where?: string): Html => {
  const [kind, words] = lookOf(annotation.annotation_level);
  const title = annotation.title ? html` <strong>${annotation.title}</strong>` : "";
  const details = annotation.raw_details
    ? html`<details>
        <summary class="small">Details</summary>
        <pre class="file">${annotation.raw_details}</pre>
      </details>`
    : "";
  return html`<span class="mark ${kind}">${words}</span>${title} ${where ? html`<code>${where}</code>` : ""}
    ${check ? html`<span class="quiet small">${check}</span>` : ""}
    <div class="asis">${annotation.message}</div>
    ${details}`;
};

/** `hello.spec:12`, or `hello.spec:12-14`. */
export const placeOf = ({ path, start_line, end_line }: Annotation): string =>
  `${path}:${start_line}${end_line === start_line ? "" : `-${end_line}`}`;
