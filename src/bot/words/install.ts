import { fence } from "../markdown/markdown.ts";
import { quoted } from "../shell-words.ts";

/** A published channel and what of it to install. */
interface Installable {
  readonly repo: string;
  readonly channel: string;
  readonly target: string;
  /** The channel's public address, without a trailing slash. */
  readonly url: string;
  readonly packages: readonly string[];
}

const PACKAGES_MAX = 20;

/** How to install what a change was built to, and how to be rid of it again; for dnf and for zypper. */
export function install({ repo, channel, target, url, packages }: Installable): string {
  const names = packages.slice(0, PACKAGES_MAX).map((name) => quoted(name));
  if (names.length === 0) return "";
  // The name that the publish stage gives it.
  const name = `${repo}-${channel.replaceAll("/", "-")}-${target}`;
  const address = quoted(`${url}/${encodeURIComponent(name.toWellFormed())}.repo`);
  const file = quoted(`/etc/yum.repos.d/${name}.repo`);
  const dnf = [
    `sudo curl --fail --location --output ${file} ${address}`,
    `sudo dnf install ${names.join(" ")}`,
    "# and to be rid of it again:",
    `sudo dnf remove ${names.join(" ")}`,
    `sudo rm ${file}`,
  ];
  const zypper = [
    `sudo zypper addrepo ${address}`,
    `sudo zypper install --from ${quoted(name)} ${names.join(" ")}`,
    "# and to be rid of it again:",
    `sudo zypper remove ${names.join(" ")}`,
    `sudo zypper removerepo ${quoted(name)}`,
  ];
  const more = packages.length > PACKAGES_MAX ? `\n\n${packages.length - PACKAGES_MAX} more are there.` : "";
  return `To install it with dnf:\n\n${fence(dnf.join("\n"))}\n\nWith zypper:\n\n${fence(zypper.join("\n"))}${more}`;
}
