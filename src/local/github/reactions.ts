import { z } from "zod";
import { commentAt } from "./comments.ts";
import { issueAt } from "./issues.ts";
import {
  actor,
  created,
  ok,
  onRepository,
  page,
  readBody,
  type Operation,
  type RepositoryCall,
} from "./operation.ts";
import { reactionContents, reactionsOn, reactionView } from "./reaction-view.ts";
import type { Reaction } from "./state.ts";

const NewReaction = z.object({ content: z.enum(reactionContents) });

type Target = Pick<Reaction, "on" | "target">;
type Find = (call: RepositoryCall) => Target;

/** The same reaction of the same account a second time is the first one: 200 and not 201. */
const react = (call: RepositoryCall, { on, target }: Target) => {
  const { world } = call;
  const { content } = readBody(call, NewReaction, "Reaction");
  const author = actor(call).id;
  const held = reactionsOn(world, on, target).find((one) => one.content === content && one.author === author);
  if (held) return ok(reactionView(world, held));
  const reaction: Reaction = { id: world.nextId(), on, target, content, author, createdAt: world.now() };
  world.state.reactions.push(reaction);
  return created(reactionView(world, reaction));
};

const list = (call: RepositoryCall, { on, target }: Target) => {
  const { items, headers } = page(call, reactionsOn(call.world, on, target));
  return ok(
    items.map((reaction) => reactionView(call.world, reaction)),
    headers,
  );
};

const at = (path: string, find: Find): readonly Operation[] => [
  onRepository(`GET ${path}/reactions`, "issues:read", (call) => list(call, find(call))),
  onRepository(`POST ${path}/reactions`, "issues:write", (call) => react(call, find(call))),
];

export const reactionOperations: readonly Operation[] = [
  ...at("/repos/{owner}/{repo}/issues/comments/{comment_id}", (call) => ({
    on: "comment",
    target: commentAt(call).id,
  })),
  ...at("/repos/{owner}/{repo}/issues/{issue_number}", (call) => ({ on: "issue", target: issueAt(call).id })),
];
