/** A package of the distribution's own, written by hand. */
export interface BaseSpec {
  readonly name: string;
  readonly text: string;
}

/** Version and release of all base packages. */
export const BASE_VERSION = { version: "1", release: "1" } as const;

/** The layout that all converted packages share: one `/usr`, bash as `/bin/sh`, two users. */
export const filesystemSpec = (replaced: readonly string[]): BaseSpec => ({
  name: "millwright-filesystem",
  text: `${FILESYSTEM_HEAD}${replaced.map((name) => `Provides: ${name}\n`).join("")}${FILESYSTEM_BODY}`,
});

const FILESYSTEM_HEAD = `Name: millwright-filesystem
Version: ${BASE_VERSION.version}
Release: ${BASE_VERSION.release}
Summary: Base layout of a distribution converted from Debian's packages
License: Apache-2.0
Provides: filesystem
Provides: /bin/sh
Provides: /bin/bash
Provides: /sbin/ldconfig
`;

const FILESYSTEM_BODY = `%description
Directories, links and the users root and nobody.
%install
mkdir -p %{buildroot}/usr/{bin,sbin,lib,lib64} %{buildroot}/{build,dev,etc/ld.so.conf.d,home,proc,root,run,sys,tmp,var/tmp}
for dir in bin sbin lib lib64; do ln -s usr/$dir %{buildroot}/$dir; done
ln -s bash %{buildroot}/usr/bin/sh
cat > %{buildroot}/etc/passwd <<'END'
root:x:0:0:root:/root:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
END
cat > %{buildroot}/etc/group <<'END'
root:x:0:
nogroup:x:65534:
END
echo /usr/lib64 > %{buildroot}/etc/ld.so.conf.d/lib64.conf
: > %{buildroot}/etc/resolv.conf
: > %{buildroot}/etc/hosts
%files
%defattr(-,root,root)
/bin
/sbin
/lib
/lib64
/usr/bin/sh
%dir /usr/bin
%dir /usr/sbin
%dir /usr/lib
%dir /usr/lib64
%dir /build
%dir /dev
%dir /home
%dir /proc
%dir /run
%dir /sys
%attr(0700,root,root) %dir /root
%attr(1777,root,root) %dir /tmp
%attr(1777,root,root) %dir /var/tmp
%config /etc/passwd
%config /etc/group
%config /etc/hosts
%config /etc/resolv.conf
/etc/ld.so.conf.d/lib64.conf
`;

/** The macros that RPM distributions define and Debian's rpm does not; `dist` such as `.deb12`. */
export const macrosSpec = (dist: string): BaseSpec => ({
  name: "millwright-rpm-macros",
  text: `Name: millwright-rpm-macros
Version: ${BASE_VERSION.version}
Release: ${BASE_VERSION.release}
Summary: Macros for building in a distribution converted from Debian's packages
License: Apache-2.0
Requires: rpm
Requires: bash
%description
Bash for scriptlets, reproducible headers and the rpm database where rpm distributions have it.
%install
mkdir -p %{buildroot}/usr/lib/rpm/macros.d
cat > %{buildroot}/usr/lib/rpm/macros.d/macros.millwright <<'END'
%%_dbpath ${DB_PATH}
%%_buildshell /bin/bash
%%_buildhost millwright
%%dist ${dist}
%%use_source_date_epoch_as_buildtime 1
%%clamp_mtime_to_source_date_epoch 1
END
# The platform's macros are read after macros.d, those of /etc after them.
mkdir -p %{buildroot}/etc/rpm
echo '%%_sharedstatedir /var/lib' > %{buildroot}/etc/rpm/macros
%files
%defattr(-,root,root)
/etc/rpm/macros
/usr/lib/rpm/macros.d/macros.millwright
`,
});

/** Where the root keeps its rpm database, so that rpmbuild finds what dnf has installed. */
export const DB_PATH = "/usr/lib/sysimage/rpm";
