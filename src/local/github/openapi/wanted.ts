import type { Operation } from "../operation.ts";
import type { Wanted } from "./cut.ts";

/** Every webhook that may be sent, as the description names them: event and action. */
export const sentWebhooks: readonly string[] = [
  ...named("check-run", ["completed", "created", "requested-action", "rerequested"]),
  ...named("check-suite", ["completed", "requested", "rerequested"]),
  ...named("installation", ["created", "deleted", "new-permissions-accepted", "suspend", "unsuspend"]),
  ...named("installation-repositories", ["added", "removed"]),
  ...named("installation-target", ["renamed"]),
  ...named("issue-comment", ["created", "deleted", "edited"]),
  ...named("merge-group", ["checks-requested", "destroyed"]),
  ...named("pull-request", ["closed", "dequeued", "edited", "enqueued", "labeled", "opened"]),
  ...named("pull-request", ["converted-to-draft", "ready-for-review", "reopened"]),
  ...named("pull-request", ["synchronize", "unlabeled"]),
  ...named("release", ["created", "deleted", "edited", "prereleased", "published", "released"]),
  ...named("repository", ["deleted", "renamed"]),
  "create",
  "delete",
  "fork",
  "ping",
  "push",
];

function named(event: string, actions: readonly string[]): readonly string[] {
  return actions.map((action) => `${event}-${action}`);
}

/** What is served and sent, as a wish to the cut. */
export const wantedOf = (
  operations: readonly Pick<Operation, "method" | "path" | "describedBy">[],
): Wanted => ({
  operations: new Set(
    operations.map(({ method, path, describedBy }) => `${method.toLowerCase()} ${describedBy ?? path}`),
  ),
  webhooks: new Set(sentWebhooks),
});
