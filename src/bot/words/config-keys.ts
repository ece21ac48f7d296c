/** What every key of the config means, for the reference and for editors, each with an example. */
export const keys = {
  all: {
    title: ".millwright.yml",
    description:
      "The rules of a packaging repository, read from its default branch. Every key may be absent.",
  },
  targets: {
    description:
      "What is built against what: target -> arches. A list of arches means that all are `required`; a map gives each its tier: `required` blocks, `advisory` is built and shown but never blocks. Absent: the deployment's defaults.",
    example: {
      "opensuse-leap-15.6": ["x86_64", "aarch64"],
      "debian-12": { x86_64: "required", s390x: "advisory" },
    },
  },
  recipes: {
    description:
      "Rules for single recipes: name -> rules. Recipes are found without it (every `*.spec` outside hidden folders, named after its file, or by its path where two files have one name); what is not named here keeps its defaults.",
    example: {
      kernel: {
        path: "kernel/kernel.spec",
        paths: ["common/"],
        arches: ["x86_64", "aarch64"],
        timeoutMinutes: 600,
      },
      "old-tool": { skip: true },
    },
  },
  channels: {
    description:
      "Where is published: channel -> the protected branch that feeds it, or the channel that it is promoted from. One branch feeds one channel. Absent: `devel` from the default branch (of a private repository: none).",
    example: {
      devel: { branch: "main" },
      nightly: { branch: "main", nightly: "02:00" },
      release: { from: "nightly", tags: "release/" },
    },
  },
  committers: {
    description:
      "Numeric GitHub ids of people whose ACK and commands count, besides those who may write to the repository.",
    example: [583231],
  },
  trusted: {
    description:
      "Numeric GitHub ids of people whose pull requests are built without being asked about. They command nothing.",
    example: [583231, 9919],
  },
  timeouts: {
    description:
      "How many minutes a build may take, per arch. Absent: the deployment's limit, which is never exceeded.",
    example: { s390x: 480 },
  },
  updates: {
    description:
      "`true`: a new release of any recipe's upstream becomes a pull request, where the recipe itself says where its upstream is (an address on GitHub in its `URL`, its sources or its `_service`). Absent: only of recipes that name an `upstream`. The app must have been granted to write contents.",
    example: true,
  },
  boot: {
    seconds: { description: "How long it may take to its login, in seconds.", example: 60 },
    slower: {
      description:
        "By how many per cent it may take longer than at the last release that was booted on the same kind of machine.",
      example: 20,
    },
    fail: {
      description: "`true`: what takes longer fails the check. Otherwise it is only said.",
      example: true,
    },
  },
  recipe: {
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
      description: "Only these of the repository's targets. Absent: all.",
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
    boot: {
      description:
        "Of an image that can be booted (`oem`, `iso`): it is, under qemu, the first time and once more. It must come up to its login; until then it is not published. How long that took is told beside the last release. Absent: it is not booted.",
      example: { seconds: 60, slower: 20 },
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
  },
  upstream: {
    github: { description: "The upstream's repository on GitHub.", example: "upstream/greet" },
    git: {
      description: "The upstream's repository elsewhere.",
      example: "https://gitlab.com/upstream/greet.git",
    },
    anitya: { description: "The project's number on release-monitoring.org.", example: 1234 },
    include: { description: "Only tags that this RE2 expression matches as a whole.", example: "v[0-9.]+" },
    exclude: { description: "No tags that this RE2 expression matches as a whole.", example: ".*-internal" },
    versionMask: {
      description:
        "An RE2 expression for a whole tag; its first group is the version. Absent: what is usual.",
      example: "stable-(.*)",
    },
    prerelease: { description: "`true`: prereleases count, too. Absent: they do not.", example: true },
  },
  channel: {
    emulation: {
      description:
        "`plain`: what comes to the channel is built with nothing but emulated programs on arches that are emulated. Absent: as each recipe says.",
      example: "plain",
    },
    branch: {
      description: "The branch whose pushes are published. Only a protected branch is.",
      example: "main",
    },
    nightly: {
      description:
        "Not each push, but all of the branch once a day after this time (UTC), under a number `YYYYMMDD_NN`; where nothing changed since the last one, nothing.",
      example: "02:00",
    },
    from: {
      description:
        "In place of `branch`: the nightly or promoted channel whose accepted releases come here, each under its own number, when somebody asks: by a tag, a GitHub Release, or `/promote`.",
      example: "nightly",
    },
    tags: {
      description:
        "How the tags begin that promote; the number follows, as in `release/20261121_02`. Absent: the channel's name and a slash.",
      example: "release/",
    },
    supportUntil: {
      description: "The last day (UTC) on which something is promoted to this channel. Absent: no end.",
      example: "2027-12-31",
    },
    githubRelease: {
      description:
        "`true`: each release that comes here gets a GitHub Release with its notes; where nobody made the tag, Millwright does. The app must have been granted to write contents.",
      example: true,
    },
    way: {
      description:
        "How releases come here: `rebuild` builds all of it again from the lock of what was tested, and asks a committer where something else comes out; `content` brings the tested packages themselves, under this channel's signature. Absent: `rebuild`.",
      example: "content",
    },
    packages: {
      description: "What the names of packages begin with that may come here by promotion. Absent: any name.",
      example: ["greet"],
    },
    keepDays: {
      description:
        "How many days a snapshot stays after another took its place; what no snapshot needs any more leaves the mirror with it. The newest one, pinned releases, and those of a channel that is promoted to and supported stay anyway. Absent: all stay.",
      example: 90,
    },
  },
  review: {
    all: {
      description:
        "When a pull request counts as reviewed, shown as a check of its own. Absent: no such check.",
      example: { acks: 2, lazyDays: 3 },
    },
    acks: {
      description: "How many committers must ACK the newest commit. A NACK blocks, whatever the count.",
      example: 2,
    },
    lazyDays: {
      description:
        "So many days without a NACK count as consent to merge or promote, never to build. Absent: silence means nothing.",
      example: 3,
    },
  },
  notifications: {
    all: {
      description: "Who is told besides GitHub.",
      example: { mail: ["packaging@lists.example.org"] },
    },
    mail: {
      description: "Mailing lists to which pull requests and their outcomes are sent, one thread for each.",
      example: ["packaging@lists.example.org"],
    },
  },
  pulls: {
    all: {
      description: "The channel `pr/<number>`, from which people install what a pull request built.",
      example: { publish: true, expireDays: 14 },
    },
    publish: {
      description:
        "`false`: pull requests get no channel. Absent: those that may be built get one (of a private repository: none).",
      example: false,
    },
    expireDays: {
      description: "How many days the channel stays after the pull request is closed.",
      example: 14,
    },
  },
} as const;
