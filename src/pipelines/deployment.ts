import { z } from "zod";
import { aliasMistakes, AliasRule } from "./aliases.ts";
import { Repositories } from "./kiwi/repository.ts";
import { Emulation, Patience } from "./order/forecast.ts";
import { PlannedAttestationKey, PlannedKey } from "./release/key-calendar.ts";
import { Arch, Tier } from "./run.ts";
import { Added } from "./toolchain.ts";
import { Composing } from "./tree.ts";

/** Per arch the root that kiwi runs in, and which repositories stand for `obsrepositories:/` there. */
const Kiwi = z.strictObject({
  images: z.partialRecord(Arch, z.string()),
  /** The same for types that are made on loop devices (disks, file systems, live media); absent: `images`. */
  disks: z.optional(z.partialRecord(Arch, z.string())),
  /** Of each image those that its package manager reads. */
  repositories: Repositories,
  /** Per arch the root with qemu that bootable images are tried in; absent: they are not. */
  boot: z.optional(z.partialRecord(Arch, z.string())),
});

const Toolchain = z.strictObject({
  version: z.string(),
  packages: z.partialRecord(Arch, z.array(Added).min(1)),
});

/** A target: per arch the build root as a container image (on one machine: the name of a local root). */
const Target = z.strictObject({
  images: z.partialRecord(Arch, z.string()),
  /** Roots with the builders' own compiler, shell and tools among emulated programs: they stand for those of `images`. */
  accelerated: z.optional(z.partialRecord(Arch, z.string())),
  /** What a repository gets that does not say which arches it wants. */
  arches: z.partialRecord(Arch, Tier),
  /** Which release it is (`opensuse-leap` and `15.6`), and the last day (UTC) of its support: for aliases that follow. */
  family: z.optional(z.string()),
  version: z.optional(z.string()),
  supportUntil: z.optional(z.iso.date()),
  /** What recipes may ask for in place of what it has itself: name -> versions, each with its packages per arch. */
  toolchains: z.optional(z.record(z.string(), z.array(Toolchain).min(1))),
  /** Absent: no images are made of it. */
  kiwi: z.optional(Kiwi),
  /** Absent: no trees are composed of it. */
  tree: z.optional(Composing),
});

/** `pr` is where pull requests are on the mirror, and whose publisher may write there. */
const TargetName = z.string().refine((name) => name !== "pr", "no target may be called pr");

/** What the operator of this installation of Millwright has decided. Parsed from DEPLOYMENT (JSON). */
export const Deployment = z.readonly(
  z
    .strictObject({
      github: z.strictObject({ api: z.url(), web: z.url() }),
      targets: z.record(TargetName, Target),
      /** Names that stand for one of the targets, and go on to the next (`opensuse-leap-latest`). */
      aliases: z.optional(z.record(TargetName, AliasRule)),
      /** Targets of repositories that name none, or aliases of them. */
      defaults: z.array(z.string()),
      /** Hosts that sources may be fetched from -> the origin to ask. */
      hosts: z.record(z.string(), z.url()),
      /** GitHub accounts (numeric ids) that are served; absent: whoever installed the app. */
      accounts: z.optional(z.array(z.int())),
      /** The key that signs what is published, and the one that comes after it. */
      key: PlannedKey,
      /** Builds at once per pool (CodeBuild's `concurrentBuildLimit`), for estimates. */
      atOnce: z.optional(z.record(z.string(), z.int())),
      /** The same of the key that signs for pull requests; absent: they get no channel. */
      pullKey: z.optional(PlannedKey),
      /** The key that signs where packages come from; absent: that is not said. */
      attestationKey: z.optional(PlannedAttestationKey),
      /** Who mails to lists; absent: no mails. `smtp`: the server that takes them; absent: Amazon SES. */
      mail: z.optional(
        z.strictObject({ from: z.email(), smtp: z.optional(z.url({ protocol: /^smtps?$/ })) }),
      ),
      /** What emulated arches cost, to expect of builds that were never made there. */
      emulation: z.optional(Emulation),
      /** How long advisory builds may take; absent: they begin at once, and end as all do. */
      advisory: z.optional(Patience),
      timeoutMinutes: z.partialRecord(z.enum(["source", "build", "check", "publish"]), z.int()),
    })
    .superRefine((deployment, context) => {
      for (const [path, message] of aliasMistakes(deployment))
        context.addIssue({ code: "custom", path: [...path], message });
    }),
);
export type Deployment = z.infer<typeof Deployment>;
