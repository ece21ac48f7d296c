import { html } from "hono/html";
import { forkPoint } from "../pull-view.ts";
import type { Moment } from "../state.ts";
import { fullName, userById } from "../world.ts";
import { nameOf, when, type Html } from "./layout.ts";
import type { PullVisit } from "./pull-frame.ts";

/** One thing in the course of a pull request, in the order of ids. */
export interface Placed {
  readonly id: number;
  readonly part: Html;
}

const mostCommits = 50;

/** What happened to a pull request besides what was said. */
export const happenings = async (visit: PullVisit): Promise<readonly Placed[]> => {
  const { world, issue } = visit;
  const moments = world.state.timeline.filter((moment) => moment.issue === issue.id);
  const parts: Placed[] = [];
  for (const moment of moments) parts.push({ id: moment.id, part: await oneMoment(visit, moment, moments) });
  return parts;
};

const oneMoment = async (visit: PullVisit, moment: Moment, all: readonly Moment[]): Promise<Html> => {
  const { world, issue, repository } = visit;
  const by = html`<strong>${nameOf(userById(world, moment.by))}</strong>`;
  if (moment.what === "opened") {
    const head = all.find(({ what }) => what === "synchronize")?.from ?? issue.pull.head;
    const range = `${await forkPoint(world, issue)}..${head}`;
    return happened(html`${by} proposed`, moment, await commitList(visit, range));
  }
  if (moment.what === "synchronize" && moment.from && moment.to) {
    const { from, to } = moment;
    const forced = (await world.bare(repository).mergeBase(from, to)) !== from;
    return forced
      ? happened(
          html`${by} force-pushed from <code>${from.slice(0, 10)}</code> to <code>${to.slice(0, 10)}</code>`,
          moment,
        )
      : happened(html`${by} pushed`, moment, await commitList(visit, `${from}..${to}`));
  }
  return happened(html`${by} ${wordsOf(moment, issue.pull.baseRef)}`, moment);
};

const wordsOf = ({ what, from, to }: Moment, base: string): Html => {
  const label = html`the label <span class="tag">${to}</span>`;
  const words: Readonly<Record<string, Html>> = {
    closed: to === "merged" ? html`merged this into <code>${base}</code>` : html`closed this`,
    reopened: html`reopened this`,
    labeled: html`added ${label}`,
    unlabeled: html`removed ${label}`,
    edited: from ? html`changed <code>${from}</code> to <code>${to}</code>` : html`changed the description`,
    converted_to_draft: html`made this a draft`,
    ready_for_review: html`marked this as ready for review`,
    enqueued: html`added this to the merge queue`,
    dequeued: html`took this out of the merge queue <span class="tag">${to}</span>`,
  };
  return words[what] ?? html`${what}`;
};

const happened = (words: Html, { at }: Moment, more?: Html): Html =>
  html`<div class="happened">${words} <span class="small">${when(at)}</span> ${more ?? ""}</div>`;

const commitList = async ({ world, repository }: PullVisit, range: string): Promise<Html> => {
  const bare = world.bare(repository);
  const name = fullName(world, repository);
  const shas = await bare.log(range, mostCommits);
  const commits = await Promise.all(shas.map((sha) => bare.info(sha)));
  return html`<ul>
    ${commits.map(
      ({ sha, message }) =>
        html`<li>
          <a href="/${name}/commit/${sha}"><code>${sha.slice(0, 10)}</code></a>
          ${message.split("\n")[0] ?? ""}
        </li>`,
    )}
  </ul>`;
};
