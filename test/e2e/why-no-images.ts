import { isProgram } from "../local/distribution/cache.ts";
import { whyNoStory } from "./why-not.ts";

const TOOLS = ["kiwi-ng", "rsync", "umoci", "skopeo"];

/** Why images cannot be made on this machine, as the beginning of a title; or nothing. */
export function whyNoImages(): string | undefined {
  const story = whyNoStory();
  if (story !== undefined) return story;
  if (process.getuid?.() !== 0) return "skipped, because images are made as root only: ";
  const missing = TOOLS.filter((tool) => !isProgram(tool));
  return missing.length > 0 ? `skipped, because ${missing.join(", ")} is not installed: ` : undefined;
}
