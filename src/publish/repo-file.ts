/** Where clients find a target of a channel. `url` is the channel's public address, without a trailing slash. With the
 *  number of a `release`, they find what belongs to it, and nothing that came to the channel later. */
export interface RepoFile {
  readonly repo: string;
  readonly channel: string;
  readonly target: string;
  readonly url: string;
  readonly release?: string | undefined;
}

/** Where the public key is, below the channel. */
export const KEY_FILE = "RPM-GPG-KEY-millwright";

/** Below the channel; a release has a place of its own, with the key that it was signed with. */
export const repoFileName = (file: RepoFile): string => `${homeOf(file)}${nameOf(file)}.repo`;
export const keyFileName = (file: Pick<RepoFile, "release">): string => homeOf(file) + KEY_FILE;

const homeOf = ({ release }: Pick<RepoFile, "release">): string =>
  release === undefined ? "" : `releases/${release}/`;

const nameOf = ({ repo, channel, target }: RepoFile): string =>
  `${repo}-${channel.replaceAll("/", "-")}-${target}`;

/** A repository file for dnf and zypper alike: packages and metadata must be signed by our key. dnf passes over
 *  zypper's words (`autorefresh`, `type`, `pkg_gpgcheck`) and the other way round. */
export function repoFile(file: RepoFile): string {
  const { repo, channel, target, url } = file;
  const release = file.release === undefined ? [] : [file.release];
  const home = `${url}/${homeOf(file)}`;
  return `[${[nameOf(file), ...release].join("-")}]
name=${[repo, channel, ...release, `(${target})`].join(" ")}
enabled=1
autorefresh=1
type=rpm-md
mirrorlist=${home}${target}/mirrorlist
gpgcheck=1
repo_gpgcheck=1
pkg_gpgcheck=1
gpgkey=${home}${KEY_FILE}
`;
}
