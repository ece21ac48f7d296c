import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { actor, created, onRepository, type Operation, type RepositoryCall } from "./operation.ts";
import { assetView } from "./release-view.ts";
import { releaseAt } from "./releases.ts";
import { invalid } from "./refusal.ts";
import type { Asset } from "./state.ts";

const directory = (dir: string): string => join(dir, "assets");

export const readAsset = (dir: string, id: number): Promise<Buffer> =>
  readFile(join(directory(dir), String(id)));

const upload = async (call: RepositoryCall) => {
  const { world, url, raw, headers } = call;
  const release = releaseAt(call);
  const name = url.searchParams.get("name") ?? "";
  const taken = world.state.assets.some((asset) => asset.release === release.id && asset.name === name);
  if (name === "" || taken) throw invalid("ReleaseAsset", "name", taken ? "already_exists" : "missing_field");
  const asset: Asset = {
    id: world.nextId(),
    release: release.id,
    name,
    label: url.searchParams.get("label"),
    contentType: headers.get("content-type") ?? "application/octet-stream",
    size: raw.length,
    author: actor(call).id,
    createdAt: world.now(),
  };
  await mkdir(directory(world.dir), { recursive: true });
  await writeFile(join(directory(world.dir), String(asset.id)), raw);
  world.state.assets.push(asset);
  return created(assetView(world, release, asset));
};

export const assetOperations: readonly Operation[] = [
  onRepository("POST /repos/{owner}/{repo}/releases/{release_id}/assets", "contents:write", upload),
];
