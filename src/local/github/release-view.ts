import type { Json } from "./fill.ts";
import { nodeId } from "./node-ids.ts";
import { repositoryUrls } from "./repository-view.ts";
import type { Asset, Release } from "./state.ts";
import { userView } from "./users.ts";
import { fullName, repositoryById, userById, type World } from "./world.ts";

export const assetView = (world: World, release: Release, asset: Asset): Json => {
  const { api, html } = repositoryUrls(world, repositoryById(world, release.repository));
  return {
    id: asset.id,
    node_id: `RA_${asset.id}`,
    url: `${api}/releases/assets/${asset.id}`,
    browser_download_url: `${html}/releases/download/${release.tag}/${encodeURIComponent(asset.name)}`,
    name: asset.name,
    label: asset.label,
    state: "uploaded",
    content_type: asset.contentType,
    size: asset.size,
    digest: null,
    download_count: 0,
    created_at: asset.createdAt,
    updated_at: asset.createdAt,
    uploader: userView(world, userById(world, asset.author)),
  };
};

export const releaseView = (world: World, release: Release): Json => {
  const repository = repositoryById(world, release.repository);
  const { api, html } = repositoryUrls(world, repository);
  const url = `${api}/releases/${release.id}`;
  return {
    id: release.id,
    node_id: nodeId("Release", release.id),
    url,
    html_url: `${html}/releases/tag/${release.tag}`,
    assets_url: `${url}/assets`,
    upload_url: `${world.urls.uploads}/repos/${fullName(world, repository)}/releases/${release.id}/assets{?name,label}`,
    tarball_url: `${html}/archive/refs/tags/${release.tag}.tar.gz`,
    zipball_url: `${html}/archive/refs/tags/${release.tag}.zip`,
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    created_at: release.createdAt,
    published_at: release.publishedAt,
    author: userView(world, userById(world, release.author)),
    assets: world.state.assets
      .filter((asset) => asset.release === release.id)
      .map((asset) => assetView(world, release, asset)),
  };
};
