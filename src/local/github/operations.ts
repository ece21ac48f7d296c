import { appOperations } from "./apps.ts";
import { assetOperations } from "./assets.ts";
import { checkOperations } from "./checks.ts";
import { checkSuiteOperations } from "./check-suites.ts";
import { commentOperations } from "./comments.ts";
import { commitOperations } from "./commits.ts";
import { contentOperations } from "./contents.ts";
import { deliveryOperations } from "./deliveries.ts";
import { gitDataOperations } from "./git-data.ts";
import { gitRefOperations } from "./git-refs.ts";
import { issueOperations } from "./issues.ts";
import { labelOperations } from "./labels.ts";
import { mergeOperations } from "./merge.ts";
import { ok, onAnything, type Operation } from "./operation.ts";
import { openPullOperations } from "./open-pull.ts";
import { pullOperations } from "./pulls.ts";
import { reactionOperations } from "./reactions.ts";
import { releaseOperations } from "./releases.ts";
import { repositoryOperations } from "./repositories.ts";
import { statusOperations } from "./statuses.ts";
import { userOperations } from "./users.ts";

const limits = onAnything("GET /rate_limit", ({ world }) => {
  const reset = Math.floor(Date.parse(world.now()) / 1000) + 3600;
  const rate = { limit: 5000, used: 0, remaining: 5000, reset };
  return ok({ resources: { core: rate, search: rate, graphql: rate }, rate });
});

/** Everything that the local GitHub answers under `/api/v3`. */
export const operations: readonly Operation[] = [
  limits,
  ...appOperations,
  ...assetOperations,
  ...checkOperations,
  ...checkSuiteOperations,
  ...commentOperations,
  ...commitOperations,
  ...contentOperations,
  ...deliveryOperations,
  ...gitDataOperations,
  ...gitRefOperations,
  ...issueOperations,
  ...labelOperations,
  ...mergeOperations,
  ...openPullOperations,
  ...pullOperations,
  ...reactionOperations,
  ...releaseOperations,
  ...repositoryOperations,
  ...statusOperations,
  ...userOperations,
];
