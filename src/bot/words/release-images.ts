import type { ReleaseNews } from "../../pipelines/release/announcement.ts";
import type { ReleasedImage, ReleasedTree } from "../../pipelines/release/release-document.ts";
import { code, fence, link } from "../markdown/markdown.ts";
import { bytes } from "../check/size.ts";
import { quoted } from "../shell-words.ts";

/** What people are told of a release's images and trees, in Markdown and in plain text. */

/** The channel's public address, read off what is below it. */
export function channelUrl({
  targets: [target],
  images: [image] = [],
  trees: [tree] = [],
}: ReleaseNews): string {
  if (target) return target.repo.slice(0, target.repo.lastIndexOf("/"));
  if (image) return image.location.slice(0, image.location.lastIndexOf("/images/"));
  return tree ? tree.repository.slice(0, tree.repository.lastIndexOf("/")) : "";
}

const fileOf = (address: string): string => address.slice(address.lastIndexOf("/") + 1);

/** Each image with its addresses, and how one is checked. */
export function imagesPart(news: ReleaseNews): string {
  const { images = [], imaged = 0 } = news;
  const [first] = images;
  if (!first) return "";
  const more = imaged - images.length;
  return [
    "### Images",
    [...images.map(imageLine), ...(more > 0 ? [`- and ${more} more`] : [])].join("\n"),
    "To check one by the key of this channel:",
    fence(checking(first, channelUrl(news)).join("\n")),
  ].join("\n\n");
}

function imageLine({ location, newest, arch, format, size, sha256, ...image }: ReleasedImage): string {
  const others = [
    ...(newest === undefined ? [] : [link("the address that follows the channel", newest)]),
    link("digest", image.checksum),
    link("signature", image.signature),
    ...(image.packages === undefined ? [] : [link("packages", image.packages)]),
    ...(image.sbom === undefined ? [] : [link("SBOM", image.sbom)]),
    ...(image.attestation === undefined ? [] : [link("provenance", image.attestation)]),
  ];
  return [
    `- ${link(fileOf(location), location)}: ${code(format)} for ${code(arch)}, ${bytes(size)}`,
    `  - SHA-256 ${code(sha256)}`,
    `  - ${others.join(", ")}`,
  ].join("\n");
}

const checking = ({ location, checksum, signature }: ReleasedImage, channel: string): readonly string[] => [
  `curl --fail --location --remote-name-all ${[location, checksum, signature].map(quoted).join(" \\\n  ")}`,
  `curl --fail --location ${quoted(`${channel}/RPM-GPG-KEY-millwright`)} | gpg --import`,
  `gpg --verify ${quoted(fileOf(signature))} ${quoted(fileOf(checksum))}`,
  `sha256sum --check ${quoted(fileOf(checksum))}`,
];

/** What each ref leads to. */
export function treesPart({ trees = [], rollbackTo }: ReleaseNews): string {
  if (trees.length === 0) return "";
  return [
    "### Trees",
    trees.map((tree) => `- ${treeLine(tree, code)}`).join("\n"),
    ...(rollbackTo === undefined ? [] : [AS_NEWS]),
  ].join("\n\n");
}

const treeLine = ({ ref, commit, repository }: ReleasedTree, shown: (text: string) => string): string =>
  `${shown(ref)} leads to ${shown(commit)} in ${shown(repository)}`;

const AS_NEWS =
  "A tree that is brought back is a commit of its own that follows the one before: `rpm-ostree upgrade` and `ostree admin upgrade` take it as they take news.";

/** The same in plain text, for a mail. */
export function mailedImages({ images = [], imaged = 0, trees = [] }: ReleaseNews): readonly string[] {
  const more = imaged - images.length;
  return [
    ...(images.length === 0 ? [] : ["\nImages:\n"]),
    ...images.map(
      ({ location, sha256, size, signature }) =>
        `  ${fileOf(location)}, ${bytes(size)}\n    ${location}\n    SHA-256 ${sha256}\n    ${signature}`,
    ),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(trees.length === 0 ? [] : ["\nTrees:\n"]),
    ...trees.map((tree) => `  ${treeLine(tree, (text) => text)}`),
  ];
}
