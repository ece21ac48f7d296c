/** What a channel may be told, for the reference and for editors. */
export const channelKeys = {
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
  rebuild: {
    description:
      "What is built again after a push was published, of the recipes and images of this repository: nothing (`none`), what needs something whose output became another (`direct`), or also what needs that in turn (`transitive`). What comes out the same is not followed. Only where pushes of `branch` are published; such a channel stands over itself (`over: []`) at least. Absent: `none`.",
    example: "transitive",
  },
  packages: {
    description: "What the names of packages begin with that may come here by promotion. Absent: any name.",
    example: ["greet"],
  },
  over: {
    description:
      "Channels that this one stands over: what is built for it, also by a pull request, may require the packages that are published in it, then in these (and in what they stand over), then those of the target; of two the upper one wins. Each is bound to its newest snapshot when the build is laid out, and releases that are promoted keep it. `[]`: its own packages only. Absent: only those of the target, or its own too with `rebuild`.",
    example: ["release"],
  },
  keepDays: {
    description:
      "How many days a snapshot stays after another took its place; what no snapshot needs any more leaves the mirror with it. The newest one, pinned releases, and those of a channel that is promoted to and supported stay anyway. Absent: all stay.",
    example: 90,
  },
} as const;
