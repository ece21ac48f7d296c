import { html } from "hono/html";
import { reactionsOn } from "../reaction-view.ts";
import { association } from "../pull-view.ts";
import type { Reaction } from "../state.ts";
import { userById, type World } from "../world.ts";
import { button, nameOf, when, type Html } from "./layout.ts";
import { mergeBox } from "./merge-box.ts";
import { mayWrite, pullFrame, type PullVisit } from "./pull-frame.ts";
import { happenings, type Placed } from "./timeline-part.ts";
import { writtenText } from "./written.ts";

/** The conversation of a pull request: what was said and done, in order, and whether it may be merged. */
export const pullPage = async (visit: PullVisit): Promise<Html> => {
  const { world, issue } = visit;
  const opening: Said = {
    anchor: "description",
    author: issue.author,
    at: issue.createdAt,
    edited: false,
    text: issue.body ?? "*No description.*",
    reactions: reactionsOn(world, "issue", issue.id),
  };
  const course = [...comments(visit), ...(await happenings(visit))].sort((a, b) => a.id - b.id);
  const content = html`<div class="talk">${oneSaid(visit, opening)} ${course.map(({ part }) => part)}</div>
    ${mergeBox(visit)} ${replyPart(visit)}`;
  return pullFrame(visit, { here: "Conversation", content });
};

interface Said {
  readonly anchor: string;
  readonly author: number;
  readonly at: string;
  readonly edited: boolean;
  readonly text: string;
  readonly reactions: readonly Reaction[];
}

const comments = (visit: PullVisit): readonly Placed[] =>
  visit.world.state.comments
    .filter((comment) => comment.issue === visit.issue.id)
    .map((comment) => ({
      id: comment.id,
      part: oneSaid(visit, {
        anchor: `issuecomment-${comment.id}`,
        author: comment.author,
        at: comment.createdAt,
        edited: comment.updatedAt !== comment.createdAt,
        text: comment.body,
        reactions: reactionsOn(visit.world, "comment", comment.id),
      }),
    }));

const roles: Readonly<Record<string, string>> = { OWNER: "owner", COLLABORATOR: "collaborator" };

const oneSaid = ({ world, repository }: PullVisit, said: Said): Html => {
  const user = userById(world, said.author);
  const role = user.type === "Bot" ? "bot" : roles[association(repository, user.id)];
  return html`<article class="box" id="${said.anchor}">
    <header>
      <strong>${nameOf(user)}</strong>
      ${role ? html`<span class="tag">${role}</span>` : ""}
      <span class="quiet small">${when(said.at)}${said.edited ? " · edited" : ""}</span>
    </header>
    ${writtenText(said.text)} ${said.reactions.length === 0 ? "" : reactionsPart(world, said.reactions)}
  </article>`;
};

const reactionsPart = (world: World, reactions: readonly Reaction[]): Html => {
  const contents = [...new Set(reactions.map(({ content }) => content))];
  return html`<ul class="reactions" aria-label="Reactions">
    ${contents.map((content) => {
      const by = reactions.filter((one) => one.content === content);
      const names = by.map(({ author }) => nameOf(userById(world, author)));
      return html`<li>${content} · ${names.join(", ")}</li>`;
    })}
  </ul>`;
};

const replyPart = (visit: PullVisit): Html => {
  const { person, issue, href, repository } = visit;
  if (!person)
    return html`<p class="quiet">Choose above whom you act as, to comment or to press a button.</p>`;
  const open = issue.state === "open";
  const mayClose = issue.author === person.id || mayWrite(visit, repository);
  const state = button(`${href}/state`, open ? "Close pull request" : "Reopen pull request", {
    fields: { state: open ? "closed" : "open" },
  });
  return html`<section aria-labelledby="reply">
    <h2 id="reply">Comment as ${person.login}</h2>
    <form method="post" action="${href}/comment" id="reply-form">
      <textarea
        name="body"
        required
        aria-labelledby="reply"
        placeholder="Markdown, or a command such as /help"
      ></textarea>
    </form>
    <div class="line">
      <button class="main" form="reply-form">Comment</button>
      ${mayClose && !issue.pull.mergedAt ? state : ""}
    </div>
  </section>`;
};
