import type { CreateCheckRunInput, UpdateCheckRunInput } from "@octokit/graphql-schema";
import { actorOf } from "../auth.ts";
import { ChangedCheckRun, NewCheckRun } from "../check-run-input.ts";
import { suiteOf } from "../check-run-view.ts";
import { createRun, updateRun, type CheckWriter } from "../check-run-writes.ts";
import { meetFault } from "../faults.ts";
import { readNodeId } from "../node-ids.ts";
import { found, refuse } from "../refusal.ts";
import { readRequest } from "../request-shape.ts";
import type { CheckRun, Repository } from "../state.ts";
import type { World } from "../world.ts";
import { writing } from "../writing.ts";
import { demand, sees, type Asking, type Node } from "./asking.ts";
import { restWords } from "./run-input.ts";

/** What may be changed. GraphQL runs the fields of one request one after the other. */
export const mutations = (asking: Asking): Node => ({
  createCheckRun: ({ input }: { input: CreateCheckRunInput }) =>
    writeRun(asking, { field: "createCheckRun", input }, (writer) =>
      createRun(writer, readRequest(NewCheckRun, restWords(input))),
    ),
  updateCheckRun: ({ input }: { input: UpdateCheckRunInput }) =>
    writeRun(asking, { field: "updateCheckRun", input }, (writer) => {
      const run = runOf(asking.world, writer.repository, input.checkRunId);
      return updateRun(writer, run, readRequest(ChangedCheckRun, restWords(input)));
    }),
});

interface Asked {
  readonly field: string;
  readonly input: { readonly repositoryId: string; readonly clientMutationId?: string | null };
}

const writeRun = async (
  asking: Asking,
  { field, input }: Asked,
  write: (writer: CheckWriter) => Promise<CheckRun>,
): Promise<Node> => {
  const { world, caller, nodes } = asking;
  await meetFault(
    world.faults.filter(({ op }) => op !== "*"),
    `graphql/${field}`,
  );
  const repository = repositoryOf(asking, input.repositoryId);
  demand(asking, repository, "checks:write");
  if (caller.kind !== "installation") throw refuse(403, "You must authenticate via a GitHub App.");
  const by = actorOf(world, caller);
  const writer = { world, repository, bare: world.bare(repository), app: caller.app, by };
  const run = await writing(world, repository, () => write(writer));
  return { clientMutationId: input.clientMutationId ?? null, checkRun: nodes.run(run) };
};

const nothing = (id: string): string => `Could not resolve to a node with the global id of '${id}'`;

const repositoryOf = (asking: Asking, id: string): Repository => {
  const read = readNodeId(id);
  const repository =
    read?.kind === "Repository"
      ? asking.world.state.repositories.find((one) => String(one.id) === read.key)
      : undefined;
  return found(repository && sees(asking, repository) ? repository : undefined, nothing(id));
};

const runOf = (world: World, repository: Repository, id: string): CheckRun => {
  const read = readNodeId(id);
  const run =
    read?.kind === "CheckRun" ? world.state.runs.find((one) => String(one.id) === read.key) : undefined;
  return found(run && suiteOf(world, run).repository === repository.id ? run : undefined, nothing(id));
};
