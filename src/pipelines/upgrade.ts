/** How an upgrade to a tree was tried, as its stage tells it in `upgrade`: from what, or why not. */
export const UPGRADES = ["tree", "nothing", "kernelless", "broken", "no kernel", "unchanged"] as const;
export type Upgrade = (typeof UPGRADES)[number];

/** Where nothing had changed there is nothing to try. */
export const UNCHANGED = { upgrade: "unchanged" } satisfies { readonly upgrade: Upgrade };

/** What a stage's facts tell of an upgrade, if they do. */
export const upgradeOf = (facts: Readonly<Record<string, string>> = {}): Upgrade | undefined =>
  UPGRADES.find((one) => one === facts["upgrade"]);
