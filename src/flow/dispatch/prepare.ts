import { because } from "../../bot/words/because.ts";
import { pathsOf } from "../../bot/work/update.ts";
import type { Waiting } from "../../pipelines/order/dispatch-order.ts";
import { sourceManifest } from "../../pipelines/manifest/manifest.ts";
import { updatedBy } from "../../pipelines/service/update-made.ts";
import { lendSources } from "../hear/keep-sources.ts";
import { stayedAsIs } from "./derive-order.ts";
import { lendDisk } from "./lend-disk.ts";
import { type OrderPorts, type Prepared, refused, secondsOf, told } from "./order.ts";
import { prepareBuild } from "./prepare-build.ts";
import { prepareUpgrade } from "./lend-tree.ts";
import { preparePublish } from "./prepare-publish.ts";
import { wrongTree } from "./tree-orders.ts";

/** `followers`: publications of the same channel that go along. */
export async function prepare(
  ports: OrderPorts,
  waiting: Waiting,
  followers: readonly Waiting[] = [],
): Promise<Prepared> {
  switch (waiting.stage.kind) {
    case "source":
      return prepareSource(ports, waiting);
    case "build":
      return prepareBuild(ports, waiting);
    case "check":
      return prepareCheck(ports, waiting);
    case "publish":
      return preparePublish(ports, waiting, followers);
    default:
      return waiting.stage.kind satisfies never;
  }
}

async function prepareSource(ports: OrderPorts, { run, stage }: Waiting): Promise<Prepared> {
  const { deployment, github } = ports;
  const wrong = wrongTree(run, stage.name);
  if (wrong !== undefined) return refused(ports, stage, { because: because.treefile(wrong) });
  const url = `${deployment.github.web}/${run.repo.owner}/${run.repo.name}.git`;
  const token = run.repo.private ? await github.readToken(run.repo) : undefined;
  const known = await lendSources(ports, { run, stage }, secondsOf(ports, stage.kind));
  const update = await textsBefore(ports, { run, stage });
  return told(ports, { run, stage }, async (upload) =>
    sourceManifest(run, stage, { url, token, hosts: deployment.hosts, known, upload, update }),
  );
}

/** Of a stage that runs the services of an update: the texts that speak of the version before. */
async function textsBefore({ github }: OrderPorts, { run, stage }: Waiting) {
  const { before } = stage;
  const recipe = before === undefined ? undefined : updatedBy(run.jobs, stage);
  if (before === undefined || !recipe) return undefined;
  const [spec, service] = await Promise.all(
    [recipe.path, pathsOf(recipe).service].map((path) => github.file(run.repo, path, before)),
  );
  return { spec: spec ?? "", ...(service !== undefined && { service }) };
}

async function prepareCheck(ports: OrderPorts, waiting: Waiting): Promise<Prepared> {
  const stayed = stayedAsIs(waiting.run, waiting.stage, ports.clock());
  if (stayed) return { signal: stayed };
  const tree = waiting.run.jobs.find(
    ({ check, recipe }) => check === waiting.stage.name && recipe.kind === "tree",
  );
  if (tree) return prepareUpgrade(ports, waiting, tree);
  const order = await lendDisk(ports, waiting, secondsOf(ports, "check"));
  if ("because" in order) return refused(ports, waiting.stage, { because: order.because });
  return { ...(await told(ports, waiting, async (upload) => order.manifest(upload))), image: order.image };
}
