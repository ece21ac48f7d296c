/** Where clients find a target of a channel. `url` is the channel's public address, without a trailing slash. */
export interface RepoFile {
  readonly repo: string;
  readonly channel: string;
  readonly target: string;
  readonly url: string;
}

/** Where the public key is, below the channel. */
export const KEY_FILE = "RPM-GPG-KEY-millwright";

export const repoFileName = (file: RepoFile): string => `${nameOf(file)}.repo`;

/** A repository file for dnf and zypper alike: packages and metadata must be signed by our key. dnf passes over
 *  zypper's words (`autorefresh`, `type`, `pkg_gpgcheck`) and the other way round. */
export const repoFile = (file: RepoFile): string => `[${nameOf(file)}]
name=${file.repo} ${file.channel} (${file.target})
enabled=1
autorefresh=1
type=rpm-md
mirrorlist=${file.url}/${file.target}/mirrorlist
gpgcheck=1
repo_gpgcheck=1
pkg_gpgcheck=1
gpgkey=${file.url}/${KEY_FILE}
`;

const nameOf = ({ repo, channel, target }: RepoFile): string =>
  `${repo}-${channel.replaceAll("/", "-")}-${target}`;
