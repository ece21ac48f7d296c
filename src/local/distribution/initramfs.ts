/**
 * The first program of an initramfs that suits any virtual machine: it finds the root by the kernel's command line
 * (`root=UUID=…`, `LABEL=…`, `/dev/…`, a live medium as `live:CDLABEL=…`; `ostree=` names a deployment on it), mounts it
 * and hands over to its init. All it runs is busybox.
 */
export const INIT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs -o mode=755 run /run

fail() {
  echo "initramfs: $*"
  exec sh
}

root= type=auto flags= mode=ro init=/sbin/init ostree=
for word in $(cat /proc/cmdline); do
  case $word in
    root=*) root=\${word#root=} ;;
    rootfstype=*) type=\${word#rootfstype=} ;;
    rootflags=*) flags=,\${word#rootflags=} ;;
    ro | rw) mode=$word ;;
    init=*) init=\${word#init=} ;;
    ostree=*) ostree=\${word#ostree=} ;;
  esac
done
modprobe -q -a virtio_pci virtio_blk virtio_scsi sd_mod sr_mod loop overlay squashfs isofs

find_device() {
  case $1 in
    /dev/*) [ -b "$1" ] && device=$1 ;;
    UUID=* | LABEL=*) device=$(findfs "$1" 2> /dev/null) ;;
    *) fail "root=$root is not understood here" ;;
  esac
}

await_device() {
  tries=0
  until find_device "$1"; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || fail "$1 did not come up"
    sleep 0.1
  done
}

# The root of a live medium: a file system in a squashfs, and what is changed lives in memory.
mount_live() {
  mkdir -p /run/live/medium /run/live/squashfs /run/live/base /run/live/memory
  await_device "LABEL=\${1#*LABEL=}"
  mount -o ro "$device" /run/live/medium || fail "$device cannot be mounted"
  mount -t squashfs -o ro,loop /run/live/medium/LiveOS/squashfs.img /run/live/squashfs || fail 'there is no LiveOS on it'
  mount -o ro,loop /run/live/squashfs/LiveOS/rootfs.img /run/live/base || fail 'there is no root in LiveOS'
  mount -t tmpfs live /run/live/memory
  mkdir /run/live/memory/upper /run/live/memory/work
  mount -t overlay -o lowerdir=/run/live/base,upperdir=/run/live/memory/upper,workdir=/run/live/memory/work root /sysroot
}

# A deployment of ostree becomes the root: its /usr is read-only, its /var that of its system.
enter_deployment() {
  deployment=$(readlink -f "/sysroot$1")
  [ -d "$deployment/usr" ] || fail "$1 is no deployment"
  mount -o remount,rw /sysroot
  mkdir /deployment
  mount --bind "$deployment" /deployment
  mount --bind /deployment/usr /deployment/usr
  mount -o remount,bind,ro /deployment/usr
  mount --bind "$deployment/../../var" /deployment/var
  mount --move /sysroot /deployment/sysroot
  mount --move /deployment /sysroot
  : > /run/ostree-booted
}

case $root in
  live:*) mount_live "$root" ;;
  *)
    await_device "$root"
    mount -t "$type" -o "$mode$flags" "$device" /sysroot || fail "$device cannot be mounted"
    ;;
esac
[ -z "$ostree" ] || enter_deployment "$ostree"
for place in proc sys dev run; do mount --move "/$place" "/sysroot/$place"; done
exec switch_root /sysroot "$init"
`;

/** Stands for dracut where an image builder asks for it: the kernel brings what is wanted, it is only put in its place. */
export const DRACUT = `#!/bin/bash
# Usage: dracut [option…] file version
set -euo pipefail
case " $* " in *' --list-modules '*) exit ;; esac
cp "/usr/lib/modules/\${!#}/initramfs.img" "\${@: -2:1}"
`;
