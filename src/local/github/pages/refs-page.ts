import { html } from "hono/html";
import { rulesOf } from "../protection.ts";
import type { Repository } from "../state.ts";
import { fullName, type World } from "../world.ts";
import { commitRows } from "./commit-page.ts";
import { pathed, type Html, type Visit } from "./layout.ts";
import { repositoryFrame } from "./repository-frame.ts";
import { writtenText } from "./written.ts";
import { found } from "../refusal.ts";

/** Branches and tags, and what protected branches ask for. */
export const refsPage = async (visit: Visit, repository: Repository): Promise<Html> => {
  const bare = visit.world.bare(repository);
  const refs = [...(await bare.refs()).keys()];
  const list = async (kind: "heads" | "tags"): Promise<Html> => {
    const names = refs.filter((ref) => ref.startsWith(`refs/${kind}/`));
    const rows = names.map(async (ref) => refRow(visit, repository, { ref, sha: await bare.commit(ref) }));
    if (names.length === 0) return html`<p class="quiet">None yet.</p>`;
    return html`<div class="box">
      <ul class="rows">
        ${await Promise.all(rows)}
      </ul>
    </div>`;
  };
  const content = html`<h2>Branches</h2>
    ${await list("heads")}
    <h2>Tags</h2>
    ${await list("tags")}`;
  return repositoryFrame(visit, repository, { here: "Branches and tags", content });
};

const refRow = (
  { world }: Visit,
  repository: Repository,
  { ref, sha = "" }: { ref: string; sha: string | undefined },
): Html => {
  const name = fullName(world, repository);
  const short = ref.replace(/^refs\/(heads|tags)\//, "");
  return html`<li class="line">
    <a class="grow" href="/${name}/tree/${pathed(short)}">${short}</a>
    ${ref.startsWith("refs/heads/") ? protectionTags(repository, short) : ""}
    <a href="/${name}/commit/${sha}"><code>${sha.slice(0, 10)}</code></a>
  </li>`;
};

const protectionTags = (repository: Repository, branch: string): Html => {
  const rules = rulesOf(repository, branch);
  const checks = rules?.checks ?? [];
  return html`${branch === repository.defaultBranch ? html`<span class="tag">default</span>` : ""}
  ${repository.protectedBranches.includes(branch) ? html`<span class="tag">protected</span>` : ""}
  ${rules?.queue ? html`<span class="tag">merge queue</span>` : ""}
  ${checks.length > 0 ? html`<span class="tag">requires ${checks.join(", ")}</span>` : ""}`;
};

/** Published releases, newest first. */
export const releasesPart = (world: World, repository: Repository): Html => {
  const releases = world.state.releases.filter((one) => one.repository === repository.id && !one.draft);
  if (releases.length === 0) return html``;
  const name = fullName(world, repository);
  const files = (release: number): readonly string[] =>
    world.state.assets.filter((asset) => asset.release === release).map((asset) => asset.name);
  return html`<h2>Releases</h2>
    ${releases.toReversed().map(
      (release) =>
        html`<article class="box">
          <header>
            <strong>${release.name ?? release.tag}</strong> <span class="tag">${release.tag}</span>
          </header>
          ${writtenText(release.body)}
          <ul class="rows">
            ${files(release.id).map(
              (file) =>
                html`<li>
                  <a href="/${name}/releases/download/${pathed(release.tag)}/${pathed(file)}">${file}</a>
                </li>`,
            )}
          </ul>
        </article>`,
    )}`;
};

const mostCommits = 100;

/** The newest commits of the default branch, newest first. */
export const historyPage = async (visit: Visit, repository: Repository): Promise<Html> => {
  const bare = visit.world.bare(repository);
  const tip = found(await bare.ref(`refs/heads/${repository.defaultBranch}`));
  const shas = (await bare.log(tip, mostCommits)).toReversed();
  const content = await commitRows(visit, repository, shas);
  return repositoryFrame(visit, repository, { here: "Commits", content });
};
