import { homedir } from "node:os";
import { join } from "node:path";
import { accessSync, constants } from "node:fs";

/** Converted packages and roots are kept between runs: the first one takes a minute. */
export const CACHE = join(homedir(), ".cache/millwright/distribution");

/** Why no build root can be made here, or nothing. */
export function whyNoRoot(...more: readonly string[]): string | undefined {
  const missing = [...TOOLS, ...more].filter((tool) => !isProgram(tool));
  if (missing.length > 0) return `skipped, because ${missing.join(", ")} of Debian cannot be found: `;
  return process.getuid?.() === 0 ? undefined : "skipped, because dnf makes roots for the user root only: ";
}

const TOOLS = ["apt-get", "bwrap", "createrepo_c", "dnf", "dpkg-deb", "flock", "gpg", "rpmbuild", "rpmsign"];

export const isProgram = (name: string): boolean =>
  ["/usr/bin", "/usr/sbin"].some((dir) => {
    try {
      accessSync(join(dir, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
