import { code, verbatim } from "../markdown/markdown.ts";
import type { Risk } from "../risk/risk.ts";
import type { RiskKind } from "../risk/kinds.ts";

/** What got riskier since the commit that was ACKed. */

const WHAT: Readonly<Record<RiskKind, string>> = {
  unread: "cannot be read for risks: too long, or a macro is never closed",
  shell: "runs a shell command while rpm reads the spec",
  lua: "runs Lua inside of rpm",
  expansion: "makes macros out of macros while rpm reads the spec",
  include: "reads another file into the spec",
  service: "changes what the source services do",
  kiwiScript: "changes a script that runs as root in the image",
  kiwi: "changes where the image gets its packages, files or users from",
  scriptlet: "changes what runs as root when the package is installed or removed",
  setuid: "gives a file the rights of its owner or group, or capabilities",
  privileged: "touches a place that gives rights or runs by itself",
  source: "fetches from an address that was not asked before",
  config: "changes the config; it counts once it is on the default branch",
  override: "redefines a macro that says which programs rpm runs",
  network: "reaches for the network",
};

/** A Markdown list of them, gravest first, with a line above it. `since`: the commit they are compared with. */
export function riskList(risks: readonly Risk[] | "too-many", since: string): string {
  const seen = code(since.slice(0, 10));
  if (risks === "too-many")
    return `So much changed since ${seen} that nothing was looked for: read all of it.`;
  if (risks.length === 0) return `Nothing that we look for got riskier since ${seen}.`;
  const rows = risks.map(
    ({ path, line, what, text }) =>
      `- ${code(`${path}:${line}`)} ${WHAT[what]}${text === "" ? "" : `: ${verbatim(text)}`}`,
  );
  return [`Riskier than ${seen}:`, "", ...rows].join("\n");
}
