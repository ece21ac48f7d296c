import { releaseMail, releaseNotes, releaseSubject } from "../../src/bot/words/release-notes.ts";
import { newsOf } from "../../src/pipelines/release/announcement.ts";
import type { ReleaseDocument } from "../../src/pipelines/release/release-document.ts";

const CHANNEL = "https://mirror.example/acme/os/release";
const target = (name: string, sources: readonly string[]): ReleaseDocument["targets"][number] => ({
  target: name,
  snapshot: `${CHANNEL}/${name}/snapshots/000007/`,
  repo: `${CHANNEL}/os-release-${name}.repo`,
  "pinned-repo": `${CHANNEL}/releases/20261121_02/os-release-${name}.repo`,
  arches: ["x86_64"],
  packages: sources.map((source) => ({
    name: source,
    version: "1.1-1",
    arch: "x86_64",
    source,
    location: `${CHANNEL}/${name}/pool/11/${source}-1.1-1.x86_64.rpm`,
    sha256: "1".repeat(64),
    size: 1000,
  })),
});
const targets = ["leap-15.6", "tumbleweed"];

/** A release as people meet it. */
const release: ReleaseDocument = {
  release: "20261121_02",
  repository: "acme/os",
  channel: "release",
  at: "2026-11-21T10:00:00.000Z",
  commit: "a".repeat(40),
  branch: "main",
  from: "nightly",
  "support-until": "2027-12-31",
  previous: "20261114_01",
  targets: [target("leap-15.6", ["greet"]), target("tumbleweed", ["greet", "cowsay"])],
  changes: [
    {
      kind: "updated",
      source: "greet",
      from: "1.0-3",
      to: "1.1-1",
      targets,
      changelog: [
        {
          day: "2026-11-20",
          author: "Maria Doe <maria@example.org>",
          text: "- Update to 1.1\n- Greets in Frisian",
        },
        { day: "2026-11-16", author: "Joe", text: "- Fix the build with gcc 16" },
      ],
    },
    { kind: "added", source: "cowsay", to: "3.8-1", targets: ["tumbleweed"], changelog: [] },
    { kind: "removed", source: "fortune", from: "2.0-1", targets, changelog: [] },
  ],
  changelogs: {},
};
const { from: _, previous: __, "support-until": ___, ...plain } = release;
const first: ReleaseDocument = {
  ...plain,
  targets: release.targets.slice(0, 1),
  changes: release.changes.slice(1, 2),
};
const back: ReleaseDocument = {
  ...plain,
  previous: "20261121_02",
  "rollback-to": "20261114_01",
  changes: [],
};

const IMAGE = `${CHANNEL}/images/20261121_02/system-Default.x86_64-1.2.0.qcow2`;
const system: ReleaseDocument = {
  ...plain,
  previous: "20261114_01",
  "rollback-to": "20261107_01",
  targets: [],
  changes: [],
  images: [
    {
      name: "system-Default",
      arch: "x86_64",
      target: "leap-15.6",
      format: "qcow2",
      location: IMAGE,
      newest: `${CHANNEL}/images/latest/system-Default.x86_64.qcow2`,
      sha256: "2".repeat(64),
      size: 734_003_200,
      checksum: `${IMAGE}.sha256`,
      signature: `${IMAGE}.sha256.asc`,
      packages: IMAGE.replace("qcow2", "packages"),
      sbom: `${IMAGE}.cdx.json`,
      attestation: `${IMAGE}.sigstore.json`,
    },
  ],
  trees: [{ ref: "acme/stable/x86_64", commit: "3".repeat(64), repository: `${CHANNEL}/ostree` }],
};

const page = (document: ReleaseDocument): string => releaseNotes(newsOf(document), document);
const mail = (document: ReleaseDocument, address?: string): string => {
  const facts = { news: newsOf(document), repo: { owner: "acme", name: "os" }, page: address };
  return `${releaseSubject(facts)}\n\n${releaseMail(facts)}`;
};

/** What is said of releases that are out. */
export const notesPages = (): Readonly<Record<string, string>> => ({
  "The page of a release": [page(release), page(first), page(back), page(system)].join("\n\n---\n\n"),
  "The mail about a release": [
    mail(release, "https://github.com/acme/os/releases/tag/release/20261121_02"),
    mail(first),
    mail(back),
    mail(system),
  ].join("\n\n---\n\n"),
});
