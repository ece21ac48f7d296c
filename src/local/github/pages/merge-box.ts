import { html } from "hono/html";
import { rulesOf } from "../protection.ts";
import { queueOf } from "../queue.ts";
import { requiredChecks, unmetChecks } from "../required-checks.ts";
import { button, type Html } from "./layout.ts";
import { mayWrite, type PullVisit } from "./pull-frame.ts";
import { kindOf, lineRow, linesAt, worstFirst, type Line } from "./standing.ts";

/** What stands between an open pull request and its merge, and the buttons for it. */
export const mergeBox = (visit: PullVisit): Html => {
  const { world, repository, issue } = visit;
  const { head, baseRef } = issue.pull;
  if (issue.state === "closed") return html``;
  const lines = linesAt(world, { repository, sha: head, base: baseRef });
  const block = reasonAgainst(visit);
  return html`<section class="box edge-${block ? edgeOf(lines) : "good"}" aria-labelledby="merging">
    <header><h3 id="merging">${sumOf(lines)}</h3></header>
    <ul class="rows">
      ${worstFirst(lines, ({ word }) => word).map((line) => lineRow(line))} ${queueRow(visit)}
      <li>
        ${
          block
            ? html`<span class="mark busy"><span aria-hidden="true">○</span> Not yet</span> ${block}`
            : html`<span class="mark good"><span aria-hidden="true">✓</span> May be merged</span>
                <span class="quiet">into <code>${baseRef}</code> without conflicts</span>`
        }
      </li>
      ${mayWrite(visit, repository) ? html`<li>${buttons(visit, block === undefined)}</li>` : ""}
    </ul>
  </section>`;
};

/** Why it may not be merged now; undefined where it may. */
const reasonAgainst = ({ world, repository, issue }: PullVisit): string | undefined => {
  const { pull } = issue;
  if (pull.mergeable === false) return `This branch has conflicts with ${pull.baseRef}.`;
  if (pull.draft) return "This is a draft.";
  return unmetChecks(requiredChecks(world, repository, { branch: pull.baseRef, sha: pull.head }));
};

const edgeOf = (lines: readonly Line[]): string =>
  lines.some((line) => line.required && kindOf(line.word) === "bad") ? "bad" : "busy";

/** `1 failed, 2 waiting, 3 successful` */
const sumOf = (lines: readonly Line[]): string => {
  const kinds = lines.map(({ word }) => kindOf(word));
  const counts = [
    ["bad", "failed"],
    ["busy", "waiting"],
    ["good", "successful"],
    ["quiet", "neutral or skipped"],
  ] as const;
  const words = counts
    .map(([kind, word]) => ({ word, count: kinds.filter((one) => one === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ count, word }) => `${count} ${word}`);
  if (words.length === 0) return "No checks have reported yet";
  return kinds.every((kind) => kind === "good") ? "All checks are successful" : `Checks: ${words.join(", ")}`;
};

const queueRow = ({ world, repository, issue }: PullVisit): Html => {
  const entries = queueOf(world, repository, issue.pull.baseRef);
  const place = entries.findIndex((entry) => entry.issue === issue.id);
  const group = entries[place]?.group;
  if (place < 0) return html``;
  const lines = group ? linesAt(world, { repository, sha: group.head, base: issue.pull.baseRef }) : [];
  return html`<li>
      <span class="mark busy"><span aria-hidden="true">●</span> In the merge queue</span>, place ${place + 1}
      of ${entries.length}${group ? html`, as <code>${group.head.slice(0, 10)}</code>` : ""}
    </li>
    ${lines.map((line) => lineRow(line))}`;
};

const buttons = ({ world, repository, issue, href }: PullVisit, may: boolean): Html => {
  const queued = world.state.queue.some((entry) => entry.issue === issue.id);
  const byQueue = rulesOf(repository, issue.pull.baseRef)?.queue === true;
  const draft = issue.pull.draft;
  const merge = byQueue
    ? button(`${href}/queue`, queued ? "Take out of the queue" : "Merge when the queue allows", {
        fields: { queue: queued ? "no" : "yes" },
        look: queued ? "" : "main",
      })
    : button(`${href}/merge`, "Merge pull request", { look: "main" });
  const ready = button(`${href}/draft`, draft ? "Ready for review" : "Convert to draft", {
    fields: { draft: draft ? "no" : "yes" },
  });
  return html`${may || queued ? merge : ""} ${ready}`;
};
