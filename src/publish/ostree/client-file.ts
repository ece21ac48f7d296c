import type { Manifest } from "../manifest.ts";

type About = Pick<Manifest, "repo" | "channel" | "mirror">;

const remoteOf = ({ repo, channel }: About): string =>
  `${repo.name}-${channel}`.replaceAll(/[^A-Za-z0-9._-]/g, "-");

/** What a client keeps in `/etc/ostree/remotes.d/`: where a channel's trees are, and that they must be signed. The key is
 *  beside it on the mirror. */
export const remoteFileName = (about: About): string => `${remoteOf(about)}.conf`;

export const remoteFile = (about: About): string => `[remote "${remoteOf(about)}"]
url=${about.mirror.url}/ostree
gpg-verify=true
gpgkeypath=/etc/pki/rpm-gpg/RPM-GPG-KEY-millwright
`;
