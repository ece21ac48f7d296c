import { stringify } from "yaml";
import type { Cast, House } from "./cast.ts";

/** What happened as it would read any other time: names in place of commits and ids, no times, no addresses. */
export function plain({ theatre }: House, cast: Cast, what: unknown): string {
  const text = stringify(what, { lineWidth: 0, aliasDuplicateObjects: false });
  const { github, stack } = theatre;
  const known = [...cast.commits].map(([name, sha]) => ({ name, sha }));
  return text
    .replaceAll(/[0-9a-f]{64}/g, "(digest)")
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "(id)")
    .replaceAll(/\b[0-9a-f]{7,40}\b/g, (hex) => nameOf(known, hex))
    .replaceAll(stack.logsUrl, "(logs)")
    .replaceAll(stack.mirrorUrl, "(mirror)")
    .replaceAll(github.url, "(github)")
    .replaceAll(`${cast.id}/`, "")
    .replaceAll(new RegExp(`\\b${cast.installation.id}\\b`, "g"), "(installation)")
    .replaceAll(cast.tag, "")
    .replaceAll(/\babout \d+ (second|minute)s?\b/g, "about (a while)")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(time)")
    .replaceAll(/(\d{4}-\d\d-\d\d )?\d\d:\d\d UTC/g, "(time)")
    .replaceAll(
      new RegExp([...cast.people.values()].map(({ id }) => `\\b${id}\\b`).join("|"), "g"),
      "(person)",
    );
}

function nameOf(known: readonly { readonly name: string; readonly sha: string }[], hex: string): string {
  const found = known.findLast(({ sha }) => sha.startsWith(hex));
  if (found) return `(${found.name})`;
  return hex.length === 40 ? "(sha)" : hex;
}
