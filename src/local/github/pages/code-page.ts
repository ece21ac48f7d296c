import { html } from "hono/html";
import { found } from "../refusal.ts";
import type { Repository } from "../state.ts";
import type { TreeEntry } from "../trees.ts";
import { fullName } from "../world.ts";
import { pathed, when, type Html, type Visit } from "./layout.ts";
import { releasesPart } from "./refs-page.ts";
import { repositoryFrame } from "./repository-frame.ts";
import { writtenText } from "./written.ts";

/** A repository's front page: files of the default branch, what its README says, releases. */
export const codePage = async (visit: Visit, repository: Repository): Promise<Html> => {
  const { world } = visit;
  const tip = await world.bare(repository).ref(`refs/heads/${repository.defaultBranch}`);
  const clone = html`<p class="quiet small">
    Clone with <code>git clone ${world.urls.html}/${fullName(world, repository)}.git</code>
  </p>`;
  if (!tip) {
    const content = html`<p class="quiet">This repository is empty.</p>
      ${clone}`;
    return repositoryFrame(visit, repository, { here: "Code", content });
  }
  const listing = await directory(visit, repository, { ref: repository.defaultBranch, sha: tip, path: "" });
  const content = html`${listing} ${clone} ${releasesPart(world, repository)}`;
  return repositoryFrame(visit, repository, { here: "Code", content });
};

/** What follows `/tree/` or `/blob/`: a ref (the shortest that exists) and a path below it. */
export const browsePage = async (visit: Visit, repository: Repository, wanted: string): Promise<Html> => {
  const bare = visit.world.bare(repository);
  const words = wanted.split("/");
  for (let length = 1; length <= words.length; length += 1) {
    const ref = words.slice(0, length).join("/");
    const sha = await bare.commit(ref);
    if (!sha) continue;
    const place = { ref, sha, path: words.slice(length).join("/") };
    const object = found(await bare.objects.contents(`${sha}:${place.path}`));
    const content =
      object.type === "tree"
        ? await directory(visit, repository, place)
        : file(visit, repository, { ...place, bytes: object.bytes });
    return repositoryFrame(visit, repository, { here: "Code", content });
  }
  return found<Html>(undefined);
};

interface Place {
  readonly ref: string;
  readonly sha: string;
  readonly path: string;
}

const directory = async (visit: Visit, repository: Repository, place: Place): Promise<Html> => {
  const { world } = visit;
  const { ref, sha, path } = place;
  const bare = world.bare(repository);
  const name = fullName(world, repository);
  const { message, author } = await bare.info(sha);
  const entries = [...(await bare.tree(`${sha}:${path}`, false))].sort(foldersFirst);
  const readme = entries.find((entry) => /^readme(\.md)?$/i.test(entry.path) && entry.type === "blob");
  const text = readme && (await bare.objects.contents(readme.sha))?.bytes.toString();
  const row = (entry: TreeEntry): Html => {
    const where = path === "" ? entry.path : `${path}/${entry.path}`;
    const kind = entry.type === "tree" ? "tree" : "blob";
    return html`<li class="line">
      <a class="grow" href="/${name}/${kind}/${pathed(ref)}/${pathed(where)}"
        >${entry.path}${kind === "tree" ? "/" : ""}</a
      >
      <span class="quiet small">${entry.size === undefined ? "" : `${entry.size} bytes`}</span>
    </li>`;
  };
  return html`${whereabouts(visit, repository, place)}
    <div class="box">
      <header class="line">
        <span class="grow"
          ><strong>${author.name}</strong>
          <a href="/${name}/commit/${sha}">${message.split("\n")[0] ?? ""}</a></span
        >
        <code>${sha.slice(0, 10)}</code> <span class="quiet small">${when(author.date)}</span>
      </header>
      <ul class="rows">
        ${entries.map(row)}
      </ul>
    </div>
    ${
      text === undefined
        ? ""
        : html`<div class="box">
            <header>${readme?.path}</header>
            ${writtenText(text)}
          </div>`
    }`;
};

const foldersFirst = (a: TreeEntry, b: TreeEntry): number =>
  Number(b.type === "tree") - Number(a.type === "tree") || (a.path < b.path ? -1 : 1);

/** The ref, and the folders down to here. */
const whereabouts = ({ world }: Visit, repository: Repository, { ref, path }: Place): Html => {
  const name = fullName(world, repository);
  const words = path === "" ? [] : path.split("/");
  const steps = words.map((word, at) => ({ word, to: words.slice(0, at + 1).join("/") }));
  return html`<p>
    <code>${ref}</code> <a href="/${name}/tree/${pathed(ref)}">${repository.name}</a>${steps.map(
      ({ word, to }, at) =>
        html` /
        ${at === steps.length - 1 ? word : html`<a href="/${name}/tree/${pathed(ref)}/${pathed(to)}">${word}</a>`}`,
    )}
  </p>`;
};

const mostShown = 256 * 1024;

const file = (visit: Visit, repository: Repository, at: Place & { readonly bytes: Buffer }): Html => {
  const { sha, path, bytes } = at;
  const raw = `/${fullName(visit.world, repository)}/raw/${sha}/${pathed(path)}`;
  const readable = bytes.length <= mostShown && !bytes.includes(0);
  return html`${whereabouts(visit, repository, at)}
    <div class="box">
      <header class="line">
        <span class="grow quiet">${bytes.length} bytes</span> <a href="${raw}">Raw</a>
      </header>
      ${readable ? lines(bytes.toString()) : html`<p class="quiet">Too long, or no text.</p>`}
    </div>`;
};

const lines = (text: string): Html => {
  const list = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  return html`<div class="scroll">
    <table class="diff">
      ${list.map(
        (line, at) =>
          html`<tr id="L${at + 1}">
            <td class="num">${at + 1}</td>
            <td>${line}</td>
          </tr>`,
      )}
    </table>
  </div>`;
};
