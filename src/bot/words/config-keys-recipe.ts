/** What a recipe may be told, for the reference and for editors. */
export const recipeKeys = {
  path: {
    description:
      "The recipe's file, from the root of the repository. It may stand in a hidden folder. Absent: that of the recipe found by this name.",
    example: "kernel/kernel.spec",
  },
  paths: {
    description:
      "What concerns the recipe: files, or folders with all below them; `.` is all of the repository. A pull request that changes none of it does not build the recipe. No wildcards. Absent: the folder of `path` without the folders of recipes below it; for a recipe at the root, the files beside it.",
    example: ["kernel/", "common/macros.inc"],
  },
  targets: {
    description: "Only these of the repository's targets, by name or alias. Absent: all.",
    example: ["debian-12"],
  },
  arches: { description: "Only these arches of its targets. Absent: all.", example: ["x86_64"] },
  profiles: {
    description:
      "Of an image: only these of its description's profiles. Absent: those that make something of their own.",
    example: ["Default"],
  },
  types: {
    description: "Of an image: only these of its types, by kiwi's names. Absent: all.",
    example: ["oci", "iso"],
  },
  tree: {
    description:
      "The name of a tree's recipe: `images` are made of each commit that is composed of it, as soon as it is, and published with it under its number. Where the tree has not changed they are not made again. Such a recipe has no file of its own.",
    example: "base",
  },
  images: {
    description:
      "What is made of `tree`: `qcow2` (a disk for clouds), `vagrant` (a box with such a disk), `iso` (a live system on a medium).",
    example: ["qcow2", "vagrant"],
  },
  boot: {
    description:
      "Of an image that can be booted (`oem`, `iso`, `qcow2`): it is, under qemu, the first time and once more. It must come up to its login; until then it is not published. How long that took is told beside the last release. Absent: it is not booted.",
    example: { seconds: 60, slower: 20 },
  },
  toolchain: {
    description:
      "Of a package: toolchains of the deployment's targets that its build root gets, ahead of what the distribution has: name -> versions. The newest in the range is taken (`>=1.22`, `<2`, `=1.22.5`, several with a blank between them; a bare `1.22` stands for all 1.22.x), by its digest. Absent: what the distribution has.",
    example: { go: ">=1.22" },
  },
  skip: { description: "`true`: the recipe is not built.", example: true },
  timeoutMinutes: {
    description:
      "How many minutes a build of this recipe may take, instead of what `timeouts` says of its arch.",
    example: 600,
  },
  priority: {
    description: "Which recipes of a run are started first where builders are scarce.",
    example: "high",
  },
  emulation: {
    description:
      "On arches that are emulated: `accelerated` runs the compiler, shell and tools as the machine's own, `plain` emulates them, too. Absent: accelerated, where there is such a root.",
    example: "plain",
  },
  upstream: {
    description:
      "Where new releases are looked for, every few hours; each becomes a pull request. `github: owner/name`, `git: https://…` (tags), or `anitya:` and a project's number on release-monitoring.org; absent: where the recipe itself says its upstream is. Which tags count: `include` and `exclude` (RE2 expressions that a whole tag matches), `versionMask` (RE2; its first group is the version) and `prerelease: true`.",
    example: { github: "upstream/greet", include: "v[0-9.]+" },
  },
} as const;
