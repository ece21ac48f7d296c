import type { Upgrade } from "../../pipelines/upgrade.ts";
import { code } from "../markdown/markdown.ts";

/** What is said of upgrades to trees. */

/** The line in the list of checks. */
export const upgradeTitle: Readonly<Record<Upgrade, string>> = {
  tree: "The upgrade from what is published goes well, and so does the way back",
  nothing: "It can be deployed; nothing is published yet to upgrade from",
  kernelless: "It can be deployed; what is published has no kernel, so nobody upgrades from it",
  broken: "It can be deployed; what is published cannot, so nobody upgrades from it",
  "no kernel": "No upgrade was tried: skipped, because the tree has no kernel",
  unchanged: "No upgrade was tried: nothing had changed",
};

/** What was upgraded from and to. */
export const upgradeSummary = (
  upgrade: Upgrade,
  { from = "", to = "" }: Readonly<Record<string, string>>,
): string =>
  [
    `${upgradeTitle[upgrade]}.`,
    ...(upgrade === "tree"
      ? [
          `From ${code(from)} to ${code(to)}: deployed, the default of the boot loader, what the machine had changed in /etc kept and all else as the new tree has it; back again, the old is the default, with its own /etc.`,
        ]
      : []),
  ].join("\n\n");
