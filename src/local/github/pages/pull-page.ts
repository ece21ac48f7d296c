import { html } from "hono/html";
import { isPull, pullChanges, pullPatches } from "../pull-view.ts";
import { reactionsOn } from "../reaction-view.ts";
import { found } from "../refusal.ts";
import type { PullIssue, Reaction, Repository } from "../state.ts";
import { fullName, userById, type World } from "../world.ts";
import { checksPart } from "./checks-part.ts";
import { filesPart } from "./files-part.ts";
import { layout, when, writtenText, type Html } from "./layout.ts";

/** A pull request: what was said, how its checks stand, what it changes. */
export const pullPage = async (world: World, repository: Repository, number: number): Promise<Html> => {
  const issue = found(
    world.state.issues
      .filter(isPull)
      .find((one) => one.repository === repository.id && one.number === number),
  );
  const name = fullName(world, repository);
  const [list, patches] = [await pullChanges(world, issue), await pullPatches(world, issue)];
  return layout(
    `${issue.title} · Pull request #${number} · ${name}`,
    [[name, `/${name}`]],
    html`<h1>${issue.title} <span class="quiet">#${number}</span></h1>
      <p>${stateOf(issue)} ${routeOf(world, repository, issue)}</p>
      ${conversation(world, issue)} ${checksPart(world, repository, issue.pull.head)} ${mergePart(issue)}
      ${filesPart(list, patches)}`,
  );
};

const stateOf = ({ state, pull }: PullIssue): Html => {
  if (pull.mergedAt) return html`<span class="mark good">Merged</span>`;
  if (state === "closed") return html`<span class="mark bad">Closed</span>`;
  return html`<span class="mark good">${pull.draft ? "Draft" : "Open"}</span>`;
};

const routeOf = (world: World, repository: Repository, { author, pull }: PullIssue): Html => {
  const fork = pull.headRepository === repository.id ? "" : `${userById(world, pull.headOwner).login}:`;
  return html`${userById(world, author).login} wants to merge
    <code>${fork}${pull.headRef}</code> (<code>${pull.head.slice(0, 10)}</code>) into
    <code>${pull.baseRef}</code>`;
};

interface Said {
  readonly id: string;
  readonly author: number;
  readonly at: string;
  readonly edited: boolean;
  readonly text: string | null;
  readonly reactions: readonly Reaction[];
}

const conversation = (world: World, issue: PullIssue): Html => {
  const opening: Said = {
    id: "description",
    author: issue.author,
    at: issue.createdAt,
    edited: false,
    text: issue.body ?? "No description.",
    reactions: reactionsOn(world, "issue", issue.id),
  };
  const comments = world.state.comments
    .filter((comment) => comment.issue === issue.id)
    .map((comment) => ({
      id: `issuecomment-${comment.id}`,
      author: comment.author,
      at: comment.createdAt,
      edited: comment.updatedAt !== comment.createdAt,
      text: comment.body,
      reactions: reactionsOn(world, "comment", comment.id),
    }));
  return html`<section aria-labelledby="conversation">
    <h2 id="conversation">Conversation</h2>
    ${[opening, ...comments].map((said) => oneSaid(world, said))}
  </section>`;
};

const oneSaid = (world: World, said: Said): Html =>
  html`<article class="box" id="${said.id}">
    <header>
      <strong>${userById(world, said.author).login}</strong>
      <span class="quiet">${when(said.at)}${said.edited ? " · edited" : ""}</span>
    </header>
    ${writtenText(said.text)} ${said.reactions.length === 0 ? "" : reactionsPart(world, said.reactions)}
  </article>`;

const reactionsPart = (world: World, reactions: readonly Reaction[]): Html => {
  const words = reactions.map(({ content, author }) => `${content} (${userById(world, author).login})`);
  return html`<p class="quiet">Reactions: ${words.join(", ")}</p>`;
};

const mergePart = ({ state, pull }: PullIssue): Html => {
  if (state === "closed") return html``;
  if (pull.mergeable === false)
    return html`<p class="mark bad">This branch has conflicts with <code>${pull.baseRef}</code>.</p>`;
  return html`<p class="mark good">This branch has no conflicts with <code>${pull.baseRef}</code>.</p>`;
};
