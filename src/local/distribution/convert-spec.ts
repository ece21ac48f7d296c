import type { DebianPackage } from "./debian-index.ts";
import { rpmNamesOf } from "./rpm-names.ts";

/** Debian packages that are left out: the base layout package stands for them. */
export const REPLACED: readonly string[] = ["base-files", "base-passwd", "dash", "debconf", "dpkg"];

/** What Debian's maintainer scripts would have made, by package: links that alternatives keep, generated files. */
const SCRIPTED: Readonly<Record<string, readonly string[]>> = {
  automake: ["ln -s automake-1.16 usr/bin/automake", "ln -s aclocal-1.16 usr/bin/aclocal"],
  bison: ["ln -s bison.yacc usr/bin/yacc"],
  "ca-certificates": [
    "mkdir -p etc/ssl/certs",
    "cat usr/share/ca-certificates/mozilla/*.crt > etc/ssl/certs/ca-certificates.crt",
  ],
  "g++": ["ln -s g++ usr/bin/c++"],
  gawk: ["ln -s gawk usr/bin/awk"],
  gcc: ["ln -s gcc usr/bin/cc", "ln -s c99-gcc usr/bin/c99"],
  "libpam-runtime": ["auth", "account", "session", "password"].map(
    (kind) => `echo '${kind} required pam_unix.so' > etc/pam.d/common-${kind}`,
  ),
  // Nobody is there to answer it.
  systemd: ["rm usr/lib/systemd/system/sysinit.target.wants/systemd-firstboot.service"],
};

/** Version and release of a package for rpm; Debian's epoch is dropped, since no spec asks for it. */
export function rpmVersion(version: string): { readonly version: string; readonly release: string } {
  const plain = version.replace(/^\d+:/, "");
  const dash = plain.lastIndexOf("-");
  const upstream = dash < 0 ? plain : plain.slice(0, dash);
  return { version: upstream.replaceAll("-", "."), release: dash < 0 ? "1" : plain.slice(dash + 1) };
}

/** The spec that wraps the package's files as an rpm; `%{deb}` is defined as the path of its file. */
export function convertSpec(debian: DebianPackage): string {
  const { version, release } = rpmVersion(debian.version);
  return `# ${debian.sha256}
Name: ${debian.name}
Version: ${version}
Release: ${release}
Summary: ${debian.summary.replaceAll("%", "%%")}
License: Debian
${debian.arch === "all" ? "BuildArch: noarch\n" : ""}Requires(pre): millwright-filesystem
${[...requires(debian.depends), ...provides(debian.provides)].join("\n")}
${rpmNamesOf(debian.name)
  .map((name) => `Provides: ${name} = ${version}-${release}`)
  .join("\n")}
${debian.name === "libc6" ? LIBC : ""}
%description
${debian.name} of Debian, its files wrapped as they are.
%install
dpkg-deb -x %{deb} %{buildroot}
cd %{buildroot}
for dir in bin sbin lib lib32 lib64; do
  [ -d $dir ] && [ ! -L $dir ] || continue
  mkdir -p usr/$dir && cp -a $dir/. usr/$dir/ && rm -rf $dir
done
rm -rf usr/share/{doc,man,locale,lintian,info,bug,menu}
${(SCRIPTED[debian.name] ?? []).join("\n")}
find . -mindepth 1 '(' -type d -empty -printf '%%%%dir "/%%P"\\n' -o ! -type d -printf '"/%%P"\\n' ')' > %{_builddir}/files
%files -f files
%defattr(-,root,root)
${debian.name === "libc-bin" ? LDCONFIG : ""}`;
}

/** glibc of other distributions brings ldconfig along; without it no library that a package installs is found. */
const LIBC = `Provides: rtld(GNU_HASH)
Requires: libc-bin`;

/**
 * As in the distributions we stand for: libraries that any package installs are found at once. By rpm's own
 * Lua and not a shell: zypper installs one package at a time, and bash may not be there yet.
 */
const LDCONFIG = `%transfiletriggerin -P 2000000 -p <lua> -- /usr/lib64
rpm.execute("/sbin/ldconfig")
`;

/** Debian's alternatives become rich dependencies; versions go, since apt has chosen matching ones already. */
function requires(depends: string): readonly string[] {
  const groups = depends.split(",").map((group) => group.split("|").map(bareName).filter(Boolean));
  return groups.flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    return [others.length > 0 ? `Requires: (${[first, ...others].join(" or ")})` : `Requires: ${first}`];
  });
}

const provides = (field: string): readonly string[] =>
  field
    .split(",")
    .map(bareName)
    .filter(Boolean)
    .map((name) => `Provides: ${name}`);

const bareName = (atom: string): string => atom.trim().replace(/[\s(:[<].*$/s, "");
