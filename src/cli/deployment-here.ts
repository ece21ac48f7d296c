import type { RootArch } from "../local/distribution/build-root.ts";
import { acceleratedOf, composerOf, disksOf, imageOf, kiwiOf, REPOSITORY } from "../local/roots.ts";
import type { Deployment } from "../pipelines/deployment.ts";
import { Arch } from "../pipelines/run.ts";

/** The one target that this machine has roots for. */
const TARGET = "debian-12";

/** What the operator of this machine decides: its own roots, and which GitHub it serves. */
export function deploymentHere(
  {
    mail,
    disks = false,
    ...github
  }: {
    readonly api: string;
    readonly web: string;
    /** Makes images on loop devices, as root of this machine. */
    readonly disks?: boolean | undefined;
  } & Pick<Deployment, "mail">,
  arches: Readonly<Partial<Record<RootArch, "required" | "advisory">>>,
): Deployment {
  const codeload = "https://codeload.github.com";
  const isReal = new URL(github.web).hostname === "github.com";
  return {
    github,
    targets: {
      [TARGET]: {
        family: "debian",
        version: "12",
        images: Object.fromEntries(Arch.options.map((arch) => [arch, imageOf(arch)])),
        accelerated: { s390x: acceleratedOf("s390x"), ppc64le: acceleratedOf("ppc64le") },
        arches,
        kiwi: kiwiHere(disks),
        tree: TREES,
      },
    },
    aliases: { "debian-latest": { newest: "debian" } },
    defaults: [TARGET],
    // Tag archives of github.com are a redirect to codeload.
    hosts: { "github.com": github.web, ...(isReal && { "codeload.github.com": codeload }) },
    key: {
      name: "Millwright on this machine",
      email: "millwright@localhost.localdomain",
      created: "2026-01-01T00:00:00Z",
    },
    pullKey: {
      name: "Millwright on this machine, pull requests",
      email: "millwright-pulls@localhost.localdomain",
      created: "2026-01-01T00:00:00Z",
    },
    attestationKey: { builder: "http://localhost.localdomain/millwright/builders" },
    mail,
    timeoutMinutes: { source: 10, build: 60, publish: 20 },
  };
}

const TREES: NonNullable<Deployment["targets"][string]["tree"]> = {
  images: { x86_64: composerOf("x86_64"), aarch64: composerOf("aarch64") },
  composer: "root",
  // The machine's own ostree, GRUB's tools and qemu are there, too.
  derived: {
    images: { x86_64: composerOf("x86_64") },
    maker: "deploy",
    boot: { x86_64: composerOf("x86_64") },
  },
  repositories: [{ ...REPOSITORY, url: "file:///srv/repository" }],
};

const kiwiHere = (disks: boolean): NonNullable<Deployment["targets"][string]["kiwi"]> => ({
  images: { x86_64: kiwiOf("x86_64") },
  ...(disks && { disks: { x86_64: disksOf("x86_64") } }),
  repositories: [REPOSITORY],
  // The machine's own qemu is there, too.
  boot: { x86_64: kiwiOf("x86_64") },
});

/** Who mails on this machine. */
export const POSTMASTER = "millwright@localhost.localdomain";
