import type { Log } from "../ports.ts";
import type { Root } from "./codebuild/root.ts";
import { type BuildRoot, buildRoot, imageRepository, type RootArch } from "./distribution/build-root.ts";

/** Image names of the roots that are made on this machine: what DEPLOYMENT says and CodeBuild is asked for. */
export const imageOf = (arch: RootArch): string => `millwright.local/debian-12:${arch}`;

/** The same with the machine's own compiler, shell and tools among programs that are emulated. */
export const acceleratedOf = (arch: RootArch): string => `${imageOf(arch)}-accelerated`;

/** The same for images: the machine's own kiwi, with the distribution's repository at hand. */
export const kiwiOf = (arch: RootArch): string => `millwright.local/kiwi-debian-12:${arch}`;

/** The same with this machine's loop devices: as its root, over all of it. */
export const disksOf = (arch: RootArch): string => `${kiwiOf(arch)}-disks`;

/** Where a build of images finds the distribution and its key. */
export const REPOSITORY = { url: "dir:///srv/repository", key: "file:///srv/repository.key" } as const;

/** The same for trees: the machine's own tools beside the distribution. */
export const composerOf = (arch: RootArch): string => `millwright.local/compose-debian-12:${arch}`;

export interface Roots {
  /** What the embedded CodeBuild asks for each build. */
  readonly resolve: (image: string) => Promise<Root | undefined>;
  readonly of: (arch: RootArch, accelerated?: boolean) => Promise<BuildRoot>;
}

/** Build roots of this machine, made when first asked for and kept in `cache`. */
export function localRoots(options: {
  readonly cache: string;
  readonly arches: readonly RootArch[];
  readonly packages?: readonly string[];
  readonly log: Log;
}): Roots {
  const { cache, arches, packages = [], log } = options;
  const made = new Map<string, Promise<BuildRoot>>();
  const repositories = new Map<RootArch, ReturnType<typeof imageRepository>>();
  const repositoryOf = (arch: RootArch) => {
    const repository = repositories.get(arch) ?? imageRepository({ arch, dir: cache, packages, log });
    repositories.set(arch, repository);
    return repository;
  };
  const of = (arch: RootArch, accelerated = false) => {
    const image = accelerated ? acceleratedOf(arch) : imageOf(arch);
    const root = made.get(image) ?? buildRoot({ arch, dir: cache, packages, accelerated, log });
    made.set(image, root);
    return root;
  };
  return {
    of,
    async resolve(image) {
      const making = arches.find((one) => [kiwiOf(one), disksOf(one), composerOf(one)].includes(image));
      if (making) {
        const { repository, key } = await repositoryOf(making);
        const mounts = { "/srv/repository": repository, "/srv/repository.key": key };
        return { kind: "host", mounts, devices: image === disksOf(making) };
      }
      const arch = arches.find((one) => imageOf(one) === image || acceleratedOf(one) === image);
      if (!arch) return undefined;
      const { path, binfmt } = await of(arch, acceleratedOf(arch) === image);
      return { kind: "directory", path, binfmt };
    },
  };
}
