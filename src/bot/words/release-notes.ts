import type { ReleaseNews } from "../../pipelines/release/announcement.ts";
import type { Change, ReleaseDocument, Remark } from "../../pipelines/release/release-document.ts";
import { code, fence, link } from "../markdown/markdown.ts";
import { oneLine } from "../markdown/plain-text.ts";
import { quoted } from "../shell-words.ts";
import { channelUrl, imagesPart, mailedImages, treesPart } from "./release-images.ts";
import { CLIENTS } from "./rollback.ts";

/** What people are told of a release, on its page on GitHub (Markdown) and by mail (plain text). */

export const releaseName = ({ channel, release }: ReleaseNews): string => `${channel} ${release}`;

/** The page of a release. `document` names what is behind it, package by package. */
export function releaseNotes(news: ReleaseNews, document: ReleaseDocument): string {
  return [
    about(news),
    ...(hasPackages(news) ? [`### ${heading(news)}`, changeList(news), written(news)] : []),
    ...(hasPackages(news) ? ["### How to get it", ...news.targets.map(howToGet)] : []),
    hasPackages(news) && news.rollbackTo !== undefined ? CLIENTS : "",
    imagesPart(news),
    treesPart(news),
    "### Checksums",
    checksums(news, document),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function about({ channel, release, commit, branch, from, rollbackTo, supportUntil }: ReleaseNews): string {
  const made = `${code(release)} of ${code(channel)}, made of ${code(commit.slice(0, 10))} of ${code(branch)}`;
  const promoted = from === undefined ? "." : `, promoted from ${code(from)}.`;
  const back = rollbackTo === undefined ? "" : ` It brings back what ${code(rollbackTo)} had.`;
  const until = supportUntil === undefined ? "" : ` Supported until ${supportUntil}.`;
  return `${made}${promoted}${back}${until}`;
}

/** Some releases are of images and trees alone. */
const hasPackages = ({ targets, changed }: ReleaseNews): boolean => targets.length + changed > 0;

const heading = ({ previous }: ReleaseNews): string =>
  previous === undefined ? "The first release of this channel" : `What changed since ${previous}`;

function changeList({ changes, changed, previous, targets }: ReleaseNews): string {
  if (changed === 0) return `Nothing but the number: the versions are those of ${code(previous ?? "")}.`;
  const lines = changes.map((change) => `- ${changeIn(change, targets.length, code)}`);
  const more = changed - changes.length;
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
}

/** One change; where it is not one of all targets, they are named. */
function changeIn(change: Change, all: number, shown: (text: string) => string): string {
  const where = change.targets.length < all ? ` (${change.targets.map(shown).join(", ")})` : "";
  return `${versions(change, shown)}${where}`;
}

function versions({ kind, source, from = "", to = "" }: Change, shown: (text: string) => string): string {
  switch (kind) {
    case "added":
      return `${shown(source)} ${shown(to)} is new`;
    case "updated":
      return `${shown(source)} ${shown(from)} -> ${shown(to)}`;
    case "removed":
      return `${shown(source)} ${shown(from)} is left out`;
    default:
      return kind satisfies never;
  }
}

/** What the packagers wrote, each under its change. */
function written({ changes }: ReleaseNews): string {
  const told = changes.filter(({ changelog }) => changelog.length > 0);
  if (told.length === 0) return "";
  const each = told.map((change) =>
    [`**${versions(change, code)}**`, fence(change.changelog.map(remark).join("\n\n"))].join("\n\n"),
  );
  return `<details><summary>What the packagers wrote</summary>\n\n${each.join("\n\n")}\n\n</details>`;
}

/** Who it was, without their address. */
const remark = ({ day, author, text }: Remark): string =>
  `${day} ${oneLine(author.split("<")[0] ?? "", 80)}\n${text}`;

function howToGet({ target, repo, pinned }: ReleaseNews["targets"][number]): string {
  const file = quoted(`/etc/yum.repos.d/${repo.slice(repo.lastIndexOf("/") + 1)}`);
  const lines = [
    "# with dnf",
    `sudo curl --fail --location --output ${file} ${quoted(repo)}`,
    "# with zypper",
    `sudo zypper addrepo ${quoted(repo)}`,
  ];
  return [
    `For ${code(target)}; it follows the channel:`,
    fence(lines.join("\n")),
    `To stay at this very release, take ${link("its own repository file", pinned)} instead.`,
  ].join("\n\n");
}

/** More than these are in the document alone. */
const SUMS_MAX = 200;

function checksums(news: ReleaseNews, { targets }: ReleaseDocument): string {
  const lines = targets.flatMap(({ target, packages }) =>
    packages.map(
      ({ sha256, location }) => `${sha256}  ${target}/${location.slice(location.lastIndexOf("/") + 1)}`,
    ),
  );
  const all = `${channelUrl(news)}/releases/${news.release}/release.json`;
  const signed = `All of it, with digests and addresses: ${link("release.json", all)}, signed by ${link("release.json.asc", `${all}.asc`)}.`;
  if (lines.length === 0) return signed;
  const more = lines.length > SUMS_MAX ? [`and ${lines.length - SUMS_MAX} more`] : [];
  const block = fence([...lines.slice(0, SUMS_MAX), ...more].join("\n"));
  return `<details><summary>SHA-256 of ${lines.length === 1 ? "the package" : `${lines.length} packages`}</summary>\n\n${block}\n\n</details>\n\n${signed}`;
}

interface MailedRelease {
  readonly news: ReleaseNews;
  readonly repo: { readonly owner: string; readonly name: string };
  /** The release's page, if it has one. */
  readonly page?: string | undefined;
}

export const releaseSubject = ({ news, repo }: MailedRelease): string =>
  `[${repo.owner}/${repo.name}] ${oneLine(news.channel, 60)} ${news.release}${news.rollbackTo === undefined ? "" : `, back to ${news.rollbackTo}`}`;

export function releaseMail({ news, repo, page }: MailedRelease): string {
  const { channel, release, commit, branch, from, rollbackTo, supportUntil, targets } = news;
  const promoted = from === undefined ? "" : `, promoted from ${from}`;
  return [
    `${release} of ${channel} is on the mirror.\n`,
    `Made of ${commit.slice(0, 10)} of ${oneLine(branch, 100)}${promoted}.`,
    ...(rollbackTo === undefined ? [] : [`It brings back what ${rollbackTo} had.`]),
    ...(supportUntil === undefined ? [] : [`Supported until ${supportUntil}.`]),
    ...(hasPackages(news) ? [`\n${heading(news)}:\n`, mailedChanges(news), "\nHow to get it:\n"] : []),
    ...targets.map(
      ({ target, repo: file, pinned }) => `  ${target}\n    ${file}\n    ${pinned} (stays at this release)`,
    ),
    ...mailedImages(news),
    ...(rollbackTo === undefined || !hasPackages(news) ? [] : [`\n${GO_BACK}`]),
    ...(page === undefined ? [] : [`\n${page}`]),
    "\n-- ",
    `Sent by Millwright, since .millwright.yml of ${repo.owner}/${repo.name} names this address.\n`,
  ].join("\n");
}

const GO_BACK = [
  "Clients do not take older packages by themselves. To go back, with dnf and with zypper:\n",
  "  sudo dnf --refresh distro-sync",
  "  sudo zypper refresh && sudo zypper dup --allow-downgrade",
].join("\n");

const LINES = 60;

function mailedChanges({ changes, changed, previous, targets }: ReleaseNews): string {
  if (changed === 0) return `  Nothing but the number: the versions are those of ${previous ?? ""}.`;
  const lines = changes
    .slice(0, LINES)
    .map((change) => changeIn(change, targets.length, (text) => oneLine(text, 100)));
  const more = changed - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].map((line) => `  ${line}`).join("\n");
}
