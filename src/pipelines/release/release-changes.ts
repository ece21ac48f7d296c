import type { Change, ReleaseDocument, ReleasedTarget, Remark } from "./release-document.ts";
import { withoutSuffix } from "../suffix.ts";

type Content = Pick<ReleaseDocument, "targets" | "changelogs">;

/** What changed from one release to the next, by source: first what is updated, then what is new, then what is gone. */
export function changesBetween(before: Content | undefined, now: Content): readonly Change[] {
  const old = new Map(before?.targets.map(({ target, packages }) => [target, versionsOf(packages)]));
  const each = now.targets.flatMap(({ target, packages }) =>
    changesOf(target, old.get(target) ?? new Map<string, string>(), versionsOf(packages)),
  );
  return [...Map.groupBy(each, ({ kind, source, from, to }) => [kind, source, from, to].join(" ")).values()]
    .flatMap(([first, ...rest]) =>
      first ? [{ ...first, targets: [first, ...rest].map(({ target }) => target).toSorted() }] : [],
    )
    .map(({ target: _, ...change }) => ({ ...change, changelog: remarksOn(change, before, now) }))
    .toSorted((a, b) => ORDER[a.kind] - ORDER[b.kind] || compare(a.source, b.source));
}

const ORDER = { updated: 0, added: 1, removed: 2 } as const;

type Versions = ReadonlyMap<string, string>;

/** Source -> its version; of several, such as those of a late arch, the one that most packages have. */
function versionsOf(packages: ReleasedTarget["packages"]): Versions {
  const bySource = Map.groupBy(packages, ({ source }) => source);
  return new Map(
    [...bySource].map(([source, made]) => {
      const byVersion = [...Map.groupBy(made, ({ version }) => plain(version))];
      const [most] = byVersion.toSorted((a, b) => b[1].length - a[1].length || compare(b[0], a[0]));
      return [source, most?.[0] ?? ""];
    }),
  );
}

/** A night's own suffix is no news. */
const plain = (version: string): string => withoutSuffix(`${version}.noarch`).slice(0, -".noarch".length);

type One = Omit<Change, "targets" | "changelog"> & { readonly target: string };

function changesOf(target: string, before: Versions, now: Versions): readonly One[] {
  const changed = [...now].flatMap(([source, to]): readonly One[] => {
    const from = before.get(source);
    if (from === to) return [];
    return [
      from === undefined
        ? { kind: "added", source, to, target }
        : { kind: "updated", source, from, to, target },
    ];
  });
  const gone = [...before].filter(([source]) => !now.has(source));
  return [...changed, ...gone.map(([source, from]): One => ({ kind: "removed", source, from, target }))];
}

/** What was written since; of what is new to the channel, the newest alone. */
function remarksOn(
  { kind, source }: Pick<Change, "kind" | "source">,
  before: Content | undefined,
  now: Content,
): readonly Remark[] {
  const remarks = now.changelogs[source] ?? [];
  if (kind === "removed") return [];
  if (kind === "added") return remarks.slice(0, 1);
  const [last] = before?.changelogs[source] ?? [];
  const known = last === undefined ? -1 : remarks.findIndex((remark) => isSame(remark, last));
  return known < 0 ? remarks : remarks.slice(0, known);
}

const isSame = (a: Remark, b: Remark): boolean =>
  a.day === b.day && a.author === b.author && a.text === b.text;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
