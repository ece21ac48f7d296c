import { channelKeys } from "./config-keys-channel.ts";
import { recipeKeys } from "./config-keys-recipe.ts";

/** What every key of the config means, for the reference and for editors, each with an example. */
export const keys = {
  all: {
    title: ".millwright.yml",
    description:
      "The rules of a packaging repository, read from its default branch. Every key may be absent.",
  },
  targets: {
    description:
      "What is built against what: target -> arches. An alias of the deployment's that follows releases (`opensuse-leap-latest`) stands for the newest one that is supported; checks and addresses name that, and the first run after it moved says so. A list of arches means that all are `required`; a map gives each its tier: `required` blocks, `advisory` is built and shown but never blocks. Absent: the deployment's defaults.",
    example: {
      "opensuse-leap-15.6": ["x86_64", "aarch64"],
      "fedora-latest": { x86_64: "required", s390x: "advisory" },
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
  recipe: recipeKeys,
  channel: channelKeys,
} as const;
