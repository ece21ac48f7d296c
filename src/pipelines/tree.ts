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

/** How trees of a target are composed: by a program that its root has. `rpm-ostree` reads treefiles; `root` lays packages out. */
export const Composing = z.strictObject({
  /** Per arch the root that it runs in. */
  images: z.partialRecord(z.enum(["x86_64", "aarch64", "s390x", "ppc64le"]), z.string()),
  composer: z.enum(["rpm-ostree", "root"]),
  /** Where packages are from (`url`: `https:` or `file:`), and the OpenPGP key that signs them, as an address too. */
  repositories: z.array(z.strictObject({ url: z.url(), key: z.url() })).min(1),
});
export type Composing = z.infer<typeof Composing>;
