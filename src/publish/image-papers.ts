import { PackageURL } from "packageurl-js";
import { Component } from "@cyclonedx/cyclonedx-library/Models";
import { ComponentType, HashAlgorithm } from "@cyclonedx/cyclonedx-library/Enums";
import { imagePackages } from "../pipelines/kiwi/image-packages.ts";
import type { ImagePackage } from "../pipelines/kiwi/image-packages.ts";
import { attestFile } from "./attest.ts";
import type { Desk } from "./judge.ts";
import { licenceOf } from "./licence.ts";
import { keep } from "./mirror.ts";
import { armored } from "./openpgp.ts";
import { purlOf, written } from "./sbom.ts";

interface Image {
  /** The run and the job that made it. */
  readonly run: string;
  readonly job: string;
  readonly target: string;
  readonly path: string;
  readonly sha256: string;
  /** The list of its packages, as kiwi wrote it; absent: there is none. */
  readonly packages: string | undefined;
}

/** Where the papers of an image are, below the channel. */
export interface Papers {
  readonly sbom?: string;
  readonly attestation?: string;
}

/** Writes beside an image what it is made of, signed, and where it comes from. Again writes nothing. */
export async function writePapers(desk: Desk, image: Image): Promise<Papers> {
  const { mirror, key, manifest } = desk;
  const name = image.path.slice(image.path.lastIndexOf("/") + 1);
  const isAttested = await attestFile(desk, {
    path: `${image.path}.sigstore.json`,
    run: image.run,
    job: image.job,
    subject: { name, digest: { sha256: image.sha256 } },
  });
  const attestation = isAttested ? { attestation: `${image.path}.sigstore.json` } : {};
  if (image.packages === undefined) return attestation;
  const list = sbomOf(manifest, { ...image, name, packages: imagePackages(image.packages) });
  const sbom = `${image.path}.cdx.json`;
  await keep(mirror, sbom, list);
  await keep(mirror, `${sbom}.asc`, Buffer.from(armored(await key.detach(list, new Date(manifest.at)))));
  return { sbom, ...attestation };
}

function sbomOf(
  { repo, channel, run, release, at }: Desk["manifest"],
  {
    name,
    target,
    sha256,
    packages,
  }: Omit<Image, "packages"> & { readonly name: string; readonly packages: readonly ImagePackage[] },
): Buffer {
  const subject = new Component(ComponentType.OperatingSystem, name, {
    bomRef: "image",
    version: release?.number ?? run,
  });
  subject.hashes.set(HashAlgorithm["SHA-256"], sha256);
  return written({
    about: [repo.owner, repo.name, channel, name, sha256],
    at,
    subject,
    components: packages.map((one) => componentOf(one, target)),
  });
}

/** Debian's versions have their epoch and revision in them. */
const debianPurl = ({ name, version, arch }: ImagePackage, target: string): string =>
  new PackageURL("deb", target.split("-")[0], name, version, { arch, distro: target }, undefined).toString();

function componentOf(one: ImagePackage, target: string): Component {
  const { name, version, release, licence } = one;
  const purl = release === "" ? debianPurl(one, target) : purlOf({ ...one, source: false }, target);
  const component = new Component(ComponentType.Application, name, {
    bomRef: purl,
    version: release === "" ? version : `${version}-${release}`,
    purl,
  });
  if (licence !== "") component.licenses.add(licenceOf(licence));
  return component;
}
