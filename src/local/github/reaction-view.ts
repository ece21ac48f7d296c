import type { Json } from "./fill.ts";
import { nodeId } from "./node-ids.ts";
import type { Reaction } from "./state.ts";
import { userView } from "./users.ts";
import { userById, type World } from "./world.ts";

export const reactionContents = [
  "+1",
  "-1",
  "laugh",
  "hooray",
  "confused",
  "heart",
  "rocket",
  "eyes",
] as const;

export const reactionsOn = (world: World, on: Reaction["on"], target: number): readonly Reaction[] =>
  world.state.reactions.filter((reaction) => reaction.on === on && reaction.target === target);

export const reactionView = (world: World, reaction: Reaction): Json => ({
  id: reaction.id,
  node_id: nodeId("Reaction", reaction.id),
  user: userView(world, userById(world, reaction.author)),
  content: reaction.content,
  created_at: reaction.createdAt,
});

/** How often each reaction was given. */
export const reactionSummary = (
  world: World,
  { on, target }: Pick<Reaction, "on" | "target">,
  url: string,
): Json => {
  const all = reactionsOn(world, on, target);
  const counts = reactionContents.map((content) => [
    content,
    all.filter((one) => one.content === content).length,
  ]);
  return { url, total_count: all.length, ...Object.fromEntries(counts) };
};
