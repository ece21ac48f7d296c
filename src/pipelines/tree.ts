import { z } from "zod";

/** Of a tree: its ref and the packages that its treefile comes to on the job's arch; or what is wrong in the treefile. */
export const Tree = z.readonly(
  z.union([
    z.strictObject({ ref: z.string(), packages: z.readonly(z.array(z.string())) }),
    z.strictObject({ wrong: z.string() }),
  ]),
);

/** The repository of a tree that a build leaves, packed. */
export const TREE_FILE = "tree.ostree.tar.zst";

/** What images can be made of a tree: a disk for clouds, a box of Vagrant's, a live system on a medium. */
export const DerivedType = z.enum(["qcow2", "vagrant", "iso"]);
export type DerivedType = z.infer<typeof DerivedType>;

const TreeArch = z.enum(["x86_64", "aarch64", "s390x", "ppc64le"]);

/** How images are made of a tree's commits: `deploy` lays one out by ostree, behind GRUB. */
const Deriving = z.strictObject({
  /** Per arch the root that it runs in. */
  images: z.partialRecord(TreeArch, z.string()),
  maker: z.enum(["deploy"]),
  /** Per arch the root with qemu that they are tried in; absent: they are not. */
  boot: z.optional(z.partialRecord(TreeArch, z.string())),
});

/** How trees of a target are composed: by a program that its root has. `rpm-ostree` reads treefiles; `root` lays packages out. */
export const Composing = z.strictObject({
  /** Per arch the root that it runs in. */
  images: z.partialRecord(TreeArch, z.string()),
  composer: z.enum(["rpm-ostree", "root"]),
  /** Where packages are from (`url`: `https:` or `file:`), and the OpenPGP key that signs them, as an address too. */
  repositories: z.array(z.strictObject({ url: z.url(), key: z.url() })).min(1),
  /** Absent: no images are made of its trees. */
  derived: z.optional(Deriving),
});
export type Composing = z.infer<typeof Composing>;
