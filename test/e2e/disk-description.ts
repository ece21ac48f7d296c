const packages = (...names: readonly string[]): string =>
  names.map((name) => `<package name="${name}"/>`).join("");

/** What a disk and a live medium have in common: kernel, initramfs, systemd, and somebody to log in. */
const BOOTED = packages(
  "kernel",
  "millwright-dracut",
  "systemd-sysv",
  "udev",
  "kmod",
  "login",
  "util-linux",
  "usr-is-merged",
  "sed",
  "grep",
  "gawk",
  "findutils",
);

/** One kiwi description with a file system, a disk for a PC and a live medium; `more` are packages of all of them. */
export const diskDescription = (...more: readonly string[]): string => `<?xml version="1.0" encoding="utf-8"?>
<image schemaversion="7.5" name="system">
  <description type="system">
    <author>Maria</author><contact>maria@example.org</contact><specification>A system that boots</specification>
  </description>
  <profiles>
    <profile name="Ext4" description="A file system"/>
    <profile name="Disk" description="A disk"/>
    <profile name="Live" description="A live medium"/>
    <profile name="Squash" description="A file system that is read only"/>
  </profiles>
  <preferences>
    <version>1.0.0</version><packagemanager>dnf</packagemanager>
    <rpm-check-signatures>true</rpm-check-signatures><rpm-excludedocs>true</rpm-excludedocs>
  </preferences>
  <preferences profiles="Ext4"><type image="ext4"/></preferences>
  <preferences profiles="Squash"><type image="squashfs"/></preferences>
  <preferences profiles="Disk">
    <type image="oem" filesystem="ext4" format="qcow2" firmware="bios" kernelcmdline="console=ttyS0" bootpartition="false">
      <oemconfig><oem-resize>false</oem-resize></oemconfig>
      <bootloader name="grub2" console="serial" timeout="0"/>
    </type>
  </preferences>
  <preferences profiles="Live">
    <type image="iso" flags="overlay" firmware="bios" kernelcmdline="console=ttyS0" squashfscompression="zstd" hybridpersistent="false">
      <bootloader name="grub2" console="serial" timeout="1"/>
    </type>
  </preferences>
  <repository type="rpm-md"><source path="obsrepositories:/"/></repository>
  <packages type="image"/>
  <packages type="bootstrap">${packages("millwright-filesystem", "bash", "coreutils", ...more)}</packages>
  <packages type="bootstrap" profiles="Disk,Live">${BOOTED}</packages>
  <packages type="bootstrap" profiles="Disk">${packages("grub-pc-bin", "grub2-common")}</packages>
  <packages type="bootstrap" profiles="Live">${packages("isolinux", "syslinux-common")}</packages>
</image>
`;

/** Nobody sits before other consoles, and there is a network. */
export const DISK_SCRIPT = `#!/bin/bash
set -e
[ -e /usr/lib/systemd/systemd ] || exit 0
systemctl mask getty-static.service
systemctl enable systemd-networkd.service
`;
