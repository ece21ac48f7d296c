import { isProgram } from "../local/distribution/cache.ts";
import { whyNoStory } from "./why-not.ts";

/** Why no image can be made of a tree and booted here, or nothing. */
export function whyNoDerived(): string | undefined {
  const story = whyNoStory();
  if (story) return story;
  if (process.arch !== "x64") return "skipped, because the disks are for PCs: ";
  const missing = TOOLS.filter((tool) => !isProgram(tool));
  return missing.length > 0
    ? `skipped, because ${missing.join(", ")} of Debian cannot be found: `
    : undefined;
}

const TOOLS = ["grub-mkimage", "mke2fs", "ostree", "qemu-img", "qemu-system-x86_64"];
