import { BASE_VERSION, type BaseSpec } from "./base-specs.ts";
import { rpmVersion } from "./convert-spec.ts";
import type { DebianPackage } from "./debian-index.ts";
import { DRACUT, INIT } from "./initramfs.ts";

/** What virtual machines need of a kernel's modules, with what these need themselves. */
const MODULES: readonly string[] = [
  "autofs4",
  "binfmt_misc",
  "button",
  "crc32c-intel",
  "efivarfs",
  "evdev",
  "fuse",
  "isofs",
  "loop",
  "nls_ascii",
  "nls_cp437",
  "nls_iso8859-1",
  "overlay",
  "qemu_fw_cfg",
  "sd_mod",
  "sr_mod",
  "squashfs",
  "vfat",
  "virtio-rng",
  "virtio_blk",
  "virtio_console",
  "virtio_net",
  "virtio_pci",
  "virtio_scsi",
];

/**
 * The kernel for virtual machines as one package of few modules, with an initramfs. All lies in
 * `/usr/lib/modules/<version>` as `vmlinuz` and `initramfs.img`, where `ostree admin deploy` looks for it in a tree;
 * `/boot/vmlinuz-<version>` is the same file, where kiwi and GRUB look. Boots from ext4, iso9660 and ostree
 * deployments on virtio disks (`if=virtio`, or virtio-scsi). `%{deb}` is Debian's kernel, `%{deb1}` busybox, `%{deb2}` kmod.
 */
export function kernelSpec(debian: DebianPackage, others: readonly DebianPackage[]): string {
  const { version, release } = rpmVersion(debian.version);
  return `# ${[debian, ...others].map(({ sha256 }) => sha256).join(" ")}
Name: kernel
Version: ${version}
Release: ${release}
Summary: Linux for virtual machines, with an initramfs
License: GPL-2.0-only
Provides: kernel-default = ${version}-${release}
Requires(pre): millwright-filesystem
Requires: millwright-release
%description
${debian.name} of Debian with few of its modules, and an initramfs of busybox.
%prep
cat > init <<'END'
${INIT.replaceAll("%", "%%")}END
%install
cd %{_builddir}
dpkg-deb -x %{deb} kernel
dpkg-deb -x %{deb1} busybox
dpkg-deb -x %{deb2} kmod
ln -sf ../bin/kmod kmod/sbin/depmod
version=$(ls kernel/lib/modules)
from=kernel/lib/modules/$version to=%{buildroot}/usr/lib/modules/$version
kmod/sbin/depmod -b $PWD/kernel $version
mkdir -p $to %{buildroot}/boot initramfs/{bin,dev,etc,lib/modules,proc,run,sys,sysroot}
cp $from/modules.{builtin,builtin.modinfo,order} $to/
for module in ${MODULES.join(" ")}; do
  grep "/$module\\.ko:" $from/modules.dep || echo "there is no module $module" >&2
done | tr -d : | tr ' ' '\\n' | sort -u | while read -r file; do
  install -D -m 644 $from/$file $to/$file
done
ln -s usr/lib %{buildroot}/lib
kmod/sbin/depmod -b %{buildroot} $version
rm %{buildroot}/lib
cp -a $to initramfs/lib/modules/
cp busybox/bin/busybox initramfs/bin/
install -m 755 init initramfs/init
find initramfs -exec touch --no-dereference -d @0 {} +
(cd initramfs && find . | LC_ALL=C sort | cpio --quiet -o -H newc --reproducible --owner 0:0) | zstd --quiet -9 > $to/initramfs.img
install -m 644 kernel/boot/vmlinuz-$version $to/vmlinuz
ln $to/vmlinuz %{buildroot}/boot/vmlinuz-$version
find %{buildroot} -exec touch --no-dereference -d @0 {} +
%files
%defattr(-,root,root)
/boot/*
/usr/lib/modules/*
`;
}

/** Stands for dracut, which image builders call. */
export const dracutSpec: BaseSpec = {
  name: "millwright-dracut",
  text: `Name: millwright-dracut
Version: ${BASE_VERSION.version}
Release: ${BASE_VERSION.release}
Summary: Gives image builders the initramfs that the kernel brings
License: Apache-2.0
Provides: dracut
Requires: kernel
%description
Answers to dracut's name: the kernel of this distribution brings an initramfs for all virtual machines.
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/etc/dracut.conf.d
cat > %{buildroot}/usr/bin/dracut <<'END'
${DRACUT.replaceAll("%", "%%")}END
chmod 755 %{buildroot}/usr/bin/dracut
%files
%defattr(-,root,root)
%dir /etc/dracut.conf.d
/usr/bin/dracut
`,
};

/** What an installed system says it is, and without which no tree is deployed; `release` is Debian's. */
export const releaseSpec = (release: string): BaseSpec => ({
  name: "millwright-release",
  text: `Name: millwright-release
Version: ${BASE_VERSION.version}
Release: ${BASE_VERSION.release}
Summary: Says what system it is
License: Apache-2.0
Requires(pre): millwright-filesystem
%description
The files that name the system.
%install
mkdir -p %{buildroot}/etc %{buildroot}/usr/lib
cat > %{buildroot}/usr/lib/os-release <<'END'
NAME="Debian as RPMs"
ID=debian-rpm
VERSION_ID=${release}
PRETTY_NAME="Debian ${release} as RPMs"
END
ln -s ../usr/lib/os-release %{buildroot}/etc/os-release
%files
%defattr(-,root,root)
/etc/os-release
/usr/lib/os-release
`,
});
