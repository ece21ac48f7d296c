import { upgradeSummary, upgradeTitle } from "../../src/bot/words/upgrade.ts";
import { UPGRADES } from "../../src/pipelines/upgrade.ts";

const sums = { from: "a".repeat(64), to: "b".repeat(64) };

/** What is said of upgrades to trees. */
export const upgradePages = (): Readonly<Record<string, string>> => ({
  "An upgrade to a tree": [
    ...UPGRADES.map((one) => `### ${upgradeTitle[one]}`),
    upgradeSummary("tree", sums),
  ].join("\n\n"),
});
