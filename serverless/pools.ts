/** A pool of builders: one CodeBuild project. Which kind of stage runs in it, and on what machine. */
export interface Pool {
  readonly name: string;
  readonly kind: "source" | "build" | "publish";
  readonly buildspec: string;
  readonly machine: "ARM_CONTAINER" | "LINUX_CONTAINER";
  readonly size: "SMALL" | "MEDIUM" | "LARGE";
  /** Foreign programs run under an emulator that the build registers itself: needs a privileged container. */
  readonly emulated: boolean;
  /** What it makes needs mounts and file systems of its own: a privileged container. */
  readonly privileged?: boolean;
  /** The program of ours that it is given, if that is not called like its kind. */
  readonly tool?: "commit";
  /** Offline: in the VPC without a way out. */
  readonly offline: boolean;
  readonly atOnce: number;
  readonly minutes: number;
}

const ZONES = ["untrusted", "trusted"] as const;
const ARCHES = ["x86_64", "aarch64", "s390x", "ppc64le"] as const;
const EMULATED: ReadonlySet<string> = new Set(["s390x", "ppc64le"]);

const sources: readonly Pool[] = ZONES.map((zone) => ({
  name: `source-${zone}`,
  kind: "source",
  buildspec: "source.yml",
  machine: "LINUX_CONTAINER",
  size: "SMALL",
  emulated: false,
  offline: false,
  atOnce: 10,
  minutes: 30,
}));

const builds: readonly Pool[] = ZONES.flatMap((zone) =>
  ARCHES.map((arch): Pool => {
    const emulated = EMULATED.has(arch);
    return {
      name: `build-${zone}-${arch}`,
      kind: "build",
      buildspec: "build-rpm.yml",
      machine: arch === "aarch64" ? "ARM_CONTAINER" : "LINUX_CONTAINER",
      size: emulated ? "LARGE" : "MEDIUM",
      emulated,
      offline: true,
      atOnce: emulated ? 4 : 10,
      minutes: emulated ? 480 : 240,
    };
  }),
);

/** Images, by kiwi: nothing but them runs in these. */
const images: readonly Pool[] = ZONES.flatMap((zone) =>
  ARCHES.map((arch): Pool => ({
    name: `image-${zone}-${arch}`,
    kind: "build",
    buildspec: "build-image.yml",
    machine: arch === "aarch64" ? "ARM_CONTAINER" : "LINUX_CONTAINER",
    size: "LARGE",
    emulated: EMULATED.has(arch),
    privileged: true,
    offline: true,
    atOnce: 4,
    minutes: 480,
  })),
);

/** Trees are composed of packages that are built: what makes them runs nothing of them. */
const trees: readonly Pool[] = builds.map((pool) => ({
  ...pool,
  name: pool.name.replace("build-", "tree-"),
  buildspec: "build-tree.yml",
  tool: "commit",
  size: "MEDIUM",
  atOnce: 2,
  minutes: 240,
}));

/** Images of trees are made of a commit, with nothing but files: nothing of it runs, and nothing is mounted. */
const derived: readonly Pool[] = trees.map(({ tool: _tool, ...pool }) => ({
  ...pool,
  name: pool.name.replace("tree-", "derive-"),
  buildspec: "derive-image.yml",
  emulated: false,
}));

/** Images are booted under qemu, as machines of their own without a way out: nothing runs here but that. */
const checks: readonly Pool[] = ZONES.flatMap((zone) =>
  ARCHES.map((arch): Pool => ({
    name: `check-${zone}-${arch}`,
    kind: "build",
    buildspec: "check-boot.yml",
    machine: arch === "aarch64" ? "ARM_CONTAINER" : "LINUX_CONTAINER",
    size: "MEDIUM",
    emulated: false,
    offline: true,
    atOnce: 4,
    minutes: 60,
  })),
);

/** Trees are upgraded to in a directory: nothing of them is run. */
const upgrades: readonly Pool[] = checks.map((pool) => ({
  ...pool,
  name: pool.name.replace("check-", "upgrade-"),
  buildspec: "check-upgrade.yml",
  emulated: EMULATED.has(pool.name.slice(pool.name.lastIndexOf("-") + 1)),
}));

/** What branches publish and what pull requests do: each by a role and a key of its own. */
const publishers: readonly Pool[] = ["publish", "publish-pull"].map((name) => ({
  name,
  kind: "publish",
  buildspec: "publish.yml",
  machine: "LINUX_CONTAINER",
  size: "MEDIUM",
  emulated: false,
  offline: false,
  atOnce: 4,
  minutes: 60,
}));

export const POOLS: readonly Pool[] = [
  ...sources,
  ...builds,
  ...images,
  ...trees,
  ...derived,
  ...checks,
  ...upgrades,
  ...publishers,
];
