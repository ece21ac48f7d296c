import { z } from "zod";
import { type Operation, operation, serviceError } from "../json-protocol.ts";
import { buildId, Order } from "./model.ts";
import { existingProject } from "./projects.ts";
import type { BuildRecord, Store } from "./store.ts";
import type { Yard } from "./yard.ts";

const PAGE = 100;

const One = z.object({ id: z.string().min(1), idempotencyToken: z.string().optional() });

const Many = z.object({ ids: z.array(z.string()).min(1).max(PAGE) });

const ListInput = z.object({
  projectName: z.string(),
  sortOrder: z.enum(["ASCENDING", "DESCENDING"]).optional(),
  nextToken: z.coerce.number().int().optional(),
});

/** CodeBuild's operations on builds. */
export const buildOperations = (yard: Yard, store: Store): Record<string, Operation> => ({
  StartBuild: operation(Order, (order) => ({
    build: yard.start(existingProject(store, order.projectName), order, "millwright"),
  })),

  RetryBuild: operation(One, ({ id, idempotencyToken }) => {
    const { idempotencyToken: _, ...order } = existing(store, id).order;
    const again = { ...order, ...(idempotencyToken && { idempotencyToken }) };
    return { build: yard.start(existingProject(store, order.projectName), again, "millwright/retry") };
  }),

  StopBuild: operation(One, async ({ id }) => {
    await yard.stop(existing(store, id).build.id);
    return { build: existing(store, id).build };
  }),

  BatchGetBuilds: operation(Many, ({ ids }) => {
    const found = ids.map((id) => store.build(buildId(id))?.build);
    return {
      builds: found.filter((build) => build !== undefined),
      buildsNotFound: ids.filter((_, index) => found[index] === undefined),
    };
  }),

  ListBuildsForProject: operation(ListInput, ({ projectName, sortOrder, nextToken }) => {
    existingProject(store, projectName);
    if (sortOrder && store.buildsIn(projectName) > PAGE)
      throw serviceError("InvalidInputException", "A project with more than 100 builds takes no sort order.");
    const newest = sortOrder !== "ASCENDING";
    const rows = store.buildIds(projectName, { newest, from: nextToken, limit: PAGE + 1 });
    const page = rows.slice(0, PAGE);
    return {
      ids: page.map(({ id }) => id),
      ...(rows.length > PAGE && { nextToken: String(page.at(-1)?.number) }),
    };
  }),
});

function existing(store: Store, idOrArn: string): BuildRecord {
  const record = store.build(buildId(idOrArn));
  if (!record) throw serviceError("ResourceNotFoundException", `Build not found: ${idOrArn}`);
  return record;
}
