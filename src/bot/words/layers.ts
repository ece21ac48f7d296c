import type { Layer } from "../../pipelines/layer.ts";
import { code } from "../markdown/markdown.ts";
import { values } from "./config.ts";

/** What is said of channels that stand over others. */
export const layers = {
  unknown: values.noChannel,
  itself: "is the channel itself: its own packages are there anyway",
  cycle: (channel: string) => `stands over ${channel} in its turn; one of the two is below`,
  /** What a build could require besides its target's packages. */
  on: (on: readonly Layer[]) =>
    `Built over ${on.map(({ channel, snapshot }) => `${code(channel)} (snapshot ${snapshot})`).join(", then ")}, then the target.`,
} as const;
