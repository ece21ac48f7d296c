import { type Graph, graphsPrefix, repoIn } from "../pipelines/graph/record.ts";
import type { Arch } from "../pipelines/run.ts";
import type { Blobs, Records } from "../ports.ts";
import { inTurns } from "./in-turns.ts";

/** What is known of what recipes made. */
export interface GraphPorts {
  readonly graphs: Records<Graph>;
  /** Where the keys of the graphs are listed. */
  readonly graphKeys: Pick<Blobs, "list">;
}

export type ReadGraphs = Pick<GraphPorts, "graphKeys"> & {
  readonly graphs: Pick<Records<Graph>, "read">;
};

/** More than these are not read for one answer: a repository's own come first. */
const READ_MAX = 2000;

/** The graphs of all repositories, or of one channel, for a target and arch. */
export async function graphsFor(
  { graphs, graphKeys }: ReadGraphs,
  of: { readonly target: string; readonly arch: Arch },
  { own, channel }: { readonly own: number; readonly channel?: string },
): Promise<readonly Graph[]> {
  const prefix = graphsPrefix(of, channel === undefined ? undefined : { repo: own, channel });
  const keys = (await graphKeys.list(prefix)).map(({ key }) => key);
  const [ours, theirs] = [true, false].map((is) => keys.filter((key) => (repoIn(key) === own) === is));
  const asked = [...(ours ?? []), ...(theirs ?? [])].slice(0, READ_MAX);
  const read = await inTurns(asked, (key) => graphs.read(key));
  return read.flatMap((one) => one?.value ?? []);
}

/** All recipes of these graphs, by their paths. */
export const recipesIn = (graphs: readonly Graph[]): Graph["recipes"] =>
  Object.fromEntries(graphs.flatMap(({ recipes }) => Object.entries(recipes)));
