import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** Packages of Debian that the disk is made from; none of them is installed. */
const PACKAGES = ["busybox-static", "grub-common", "grub-pc-bin"];
const KERNEL = "linux-image-cloud-amd64";

/** Kept between runs: some 30 MB are fetched for it. */
const KEPT = join(homedir(), ".cache/millwright/boot");

const MIB = 1024 ** 2;
const SECTOR = 512;

/** The first program: a small system that comes up to a prompt, and says so. */
const INIT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
exec > /dev/console 2>&1 < /dev/console
echo '[  OK  ] Reached target network.target - Network.'
echo 'millwright: ok'
printf 'small login: '
while :; do sleep 60; done
`;

const GRUB = `set root=hd0,msdos1
serial --unit=0 --speed=115200
terminal_output serial
linux /vmlinuz console=ttyS0 panic=-1
initrd /initrd
boot
`;

/** A disk for a PC: GRUB, Debian's kernel for virtual machines, and a system of one program. Returns its path. */
export async function bootDisk(): Promise<string> {
  const disk = join(KEPT, "small-1.raw");
  const isKept = await stat(disk).then(
    () => true,
    () => false,
  );
  if (isKept) return disk;
  const dir = await mkdtemp(join(tmpdir(), "boot-disk-"));
  try {
    await mkdir(KEPT, { recursive: true });
    await assemble(dir);
    execFileSync("cp", ["--sparse=always", join(dir, "disk"), `${disk}.${process.pid}`]);
    await rename(`${disk}.${process.pid}`, disk);
    return disk;
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function assemble(dir: string): Promise<void> {
  const root = await unpacked(dir);
  const grub = join(root, "usr/lib/grub/i386-pc");
  await mkdir(join(dir, "system/bin"), { recursive: true });
  for (const name of ["proc", "dev"]) await mkdir(join(dir, "system", name));
  await cp(join(root, "bin/busybox"), join(dir, "system/bin/busybox"));
  await writeFile(join(dir, "system/init"), INIT, { mode: 0o755 });
  await mkdir(join(dir, "boot"));
  const kernel = (await readdir(join(root, "boot"))).find((name) => name.startsWith("vmlinuz-")) ?? "";
  await cp(join(root, "boot", kernel), join(dir, "boot/vmlinuz"));
  const run = (command: string) => execFileSync("sh", ["-ec", command], { cwd: dir, stdio: "pipe" });
  run("cd system; find . | cpio --quiet -o -H newc | gzip -1 > ../boot/initrd");
  await writeFile(join(dir, "grub.cfg"), GRUB);
  const modules = "biosdisk part_msdos ext2 linux serial terminal";
  run(`${root}/usr/bin/grub-mkimage -d ${grub} -O i386-pc -p /grub -c grub.cfg -o core ${modules}`);
  run("mkfs.ext4 -q -d boot part 28M");
  await writeDisk(dir, await readFile(join(grub, "boot.img")));
}

/** The first sector with one partition from 1 MiB on, GRUB behind it, and the partition. */
async function writeDisk(dir: string, boot: Buffer): Promise<void> {
  const first = Buffer.alloc(SECTOR);
  boot.copy(first, 0, 0, 440);
  first.set([0x80, 0, 0, 0, 0x83, 0, 0, 0], 446);
  first.writeUInt32LE(MIB / SECTOR, 454);
  first.writeUInt32LE((28 * MIB) / SECTOR, 458);
  first.set([0x55, 0xaa], 510);
  const disk = await open(join(dir, "disk"), "w");
  await disk.write(first, 0, SECTOR, 0);
  const core = await readFile(join(dir, "core"));
  await disk.write(core, 0, core.length, SECTOR);
  const part = await readFile(join(dir, "part"));
  await disk.write(part, 0, part.length, MIB);
  await disk.close();
}

async function unpacked(dir: string): Promise<string> {
  const depends = execFileSync("apt-cache", ["depends", KERNEL], { encoding: "utf8" });
  const kernel = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
  if (kernel === undefined) throw new Error(`apt knows no ${KERNEL}`);
  const packages = join(dir, "packages");
  await mkdir(packages);
  execFileSync("apt-get", ["-o", "APT::Sandbox::User=root", "download", kernel, ...PACKAGES], {
    cwd: packages,
    stdio: "pipe",
  });
  const root = join(dir, "root");
  await mkdir(root);
  for (const name of await readdir(packages)) {
    const wanted = name.startsWith("linux-image") ? ["--wildcards", "./boot/vmlinuz*"] : [];
    const command = 'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" "${@:3}"';
    execFileSync("bash", ["-ec", command, "unpack", join(packages, name), root, ...wanted]);
  }
  return root;
}
