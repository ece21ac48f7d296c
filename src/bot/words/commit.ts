import type { Run } from "../../pipelines/run.ts";
import { code } from "../markdown/markdown.ts";

/** Which commit a run speaks of, and how far it is trusted. */
export function commit({ trigger, zone }: Run): string {
  if (trigger.kind === "push")
    return `${code(trigger.sha.slice(0, 10))} of ${code(trigger.branch)} (${zone})`;
  if (trigger.kind === "nightly")
    return `${code(trigger.sha.slice(0, 10))} of ${code(trigger.branch)} for ${code(trigger.number)} (${zone})`;
  if (trigger.kind === "promotion")
    return `${code(trigger.sha.slice(0, 10))} of ${code(trigger.branch)}, accepted as ${code(trigger.number)} of ${code(trigger.from)} and built once more for ${code(trigger.channel)}${trigger.tag === undefined ? "" : `, by the tag ${code(trigger.tag)}`}${trigger.security ? ", as a security release before all others" : ""} (${zone})`;
  if (trigger.kind === "rollback")
    return `${code(trigger.sha.slice(0, 10))} of ${code(trigger.branch)}, published once more: ${code(trigger.channel)} goes back to ${code(trigger.of)}, as ${code(trigger.number)} (${zone})`;
  if (trigger.kind === "rebuild")
    return `${code(trigger.sha.slice(0, 10))} of ${code(trigger.branch)}, step ${trigger.step} of what depends on it (${zone})`;
  if (trigger.kind === "queue")
    return `${code(trigger.sha.slice(0, 10))}, queued for ${code(trigger.branch)} (${zone})`;
  const into = `merged into ${code(trigger.base.slice(0, 10))} of ${code(trigger.branch)}`;
  return `${code(trigger.sha.slice(0, 10))} ${into} (${zone})`;
}
