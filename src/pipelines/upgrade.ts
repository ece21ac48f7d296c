import type { Stage } from "./stage.ts";

/** How an upgrade to a tree was tried, as its stage tells it in `upgrade`: from what, or why not. */
export const UPGRADES = ["tree", "nothing", "kernelless", "broken", "no kernel", "unchanged"] as const;
export type Upgrade = (typeof UPGRADES)[number];

/** Where nothing had changed there is nothing to try. */
export const UNCHANGED = { upgrade: "unchanged" } satisfies { readonly upgrade: Upgrade };

/** What a check tells of an upgrade, if it does. Builds tell what they like. */
export const upgradeOf = ({ kind, facts }: Pick<Stage, "kind" | "facts">): Upgrade | undefined =>
  kind === "check" ? UPGRADES.find((one) => one === facts?.["upgrade"]) : undefined;
