/** What a notice speaks of, so that "Re-run" decides about it anew. */
export type About =
  | { readonly kind: "pull"; readonly number: number }
  | { readonly kind: "branch"; readonly branch: string }
  | { readonly kind: "tag"; readonly tag: string }
  | { readonly kind: "queue"; readonly branch: string; readonly base: string };

/** As it stands in a check's `external_id`, behind `notice#`. */
export function aboutId(about: About): string {
  switch (about.kind) {
    case "pull":
      return `pull#${about.number}`;
    case "branch":
      return `branch#${about.branch}`;
    case "tag":
      return `tag#${about.tag}`;
    case "queue":
      return `queue#${about.base}#${about.branch}`;
    default:
      return about satisfies never;
  }
}

/**
 * Undefined where the `external_id` is a run's. What a check says of the review or the proposed config of a pull request
 * speaks of the pull request too. The name of a branch or a tag may hold `#`.
 */
export function aboutOf(externalId: string): About | undefined {
  const [notice = "", kind = "", first = "", ...rest] = externalId.split("#");
  if (OF_PULL.has(notice)) return pull(kind);
  if (notice !== "notice") return undefined;
  if (kind === "pull") return pull(first);
  if (kind === "branch") return { kind, branch: [first, ...rest].join("#") };
  if (kind === "tag") return { kind, tag: [first, ...rest].join("#") };
  return kind === "queue" ? { kind, base: first, branch: rest.join("#") } : undefined;
}

const OF_PULL: ReadonlySet<string> = new Set(["review", "proposal"]);

const pull = (number: string): About | undefined =>
  number !== "" && Number.isSafeInteger(Number(number))
    ? { kind: "pull", number: Number(number) }
    : undefined;
