import { createHash } from "node:crypto";
import { ComponentType, HashAlgorithm } from "@cyclonedx/cyclonedx-library/Enums";
import {
  Bom,
  Component,
  ComponentRepository,
  Metadata,
  Property,
  Tools,
} from "@cyclonedx/cyclonedx-library/Models";
import { JSON as Json, JsonSerializer } from "@cyclonedx/cyclonedx-library/Serialize";
import { Spec1dot6 } from "@cyclonedx/cyclonedx-library/Spec";
import { PackageURL } from "packageurl-js";
import { z } from "zod";
import type { Header } from "./header.ts";
import { licenceOf } from "./licence.ts";
import type { Package } from "./package-list.ts";

/** A published package, with what its header says. */
export interface Ingredient {
  readonly package: Package;
  readonly header: Header;
  readonly licence: string;
  /** The file name of the source package that it was built from; empty for a source package. */
  readonly sourceRpm: string;
}

/** What a publication brought to a target; times are ISO 8601. */
interface Delivery {
  readonly repo: string;
  readonly channel: string;
  readonly target: string;
  readonly run: string;
  /** The release's number, if it is one. */
  readonly release?: string | undefined;
  readonly at: string;
  readonly ingredients: readonly Ingredient[];
}

/** The list of what was delivered, as CycloneDX 1.6 in JSON. The same delivery gives the same bytes: time and serial number
 *  are the record's. */
export function sbom(delivery: Delivery): Buffer {
  const { repo, channel, target, run, release = run, at, ingredients } = delivery;
  const named = { bomRef: "delivery", version: release };
  return written({
    about: [repo, channel, target, run, ...ingredients.map((one) => one.package.sha256)],
    at,
    subject: new Component(ComponentType.Platform, `${repo} ${channel} ${target}`, named),
    components: ingredients.map((one) => componentOf(one, target)),
  });
}

/** Equal lists have one serial number: `about` is what it is made of. */
export function written({ about, at, subject, components }: Sheet): Buffer {
  const bom = new Bom({
    serialNumber: serialOf(about),
    metadata: new Metadata({
      timestamp: new Date(at),
      tools: new Tools({ components: new ComponentRepository([MILLWRIGHT]) }),
      component: subject,
    }),
  });
  for (const one of components) bom.components.add(one);
  const serializer = new JsonSerializer(new Json.Normalize.Factory(Spec1dot6));
  return Buffer.from(`${serializer.serialize(bom, { sortLists: true, space: 1 })}\n`);
}

interface Sheet {
  readonly about: readonly string[];
  readonly at: string;
  readonly subject: Component;
  readonly components: readonly Component[];
}

const MILLWRIGHT = new Component(ComponentType.Application, "Millwright");

const Document = z.looseObject({
  version: z.int(),
  components: z.array(z.looseObject({ "bom-ref": z.string() })),
  dependencies: z.array(z.looseObject({ ref: z.string() })),
});

/** What came first and what came later, as one list: its next version, if there is anything new in it. */
export function together(before: Uint8Array, later: Uint8Array): Buffer {
  const [known, more] = [before, later].map((bytes) =>
    Document.parse(JSON.parse(Buffer.from(bytes).toString())),
  );
  if (!known || !more) throw new Error("There is nothing to put together.");
  const refs = new Set(known.components.map((one) => one["bom-ref"]));
  const added = more.components.filter((one) => !refs.has(one["bom-ref"]));
  if (added.length === 0) return Buffer.from(before);
  const isNew = ({ ref }: { readonly ref: string }) => added.some((one) => one["bom-ref"] === ref);
  const whole = {
    ...known,
    version: known.version + 1,
    components: [...known.components, ...added],
    dependencies: [...known.dependencies, ...more.dependencies.filter(isNew)],
  };
  return Buffer.from(`${JSON.stringify(whole, undefined, 1)}\n`);
}

function componentOf({ package: entry, header, licence, sourceRpm }: Ingredient, target: string): Component {
  const { name, version, release } = header;
  const purl = purlOf(header, target);
  const component = new Component(ComponentType.Application, name, {
    bomRef: `${purl}#${entry.sha256}`,
    version: `${version}-${release}`,
    purl,
  });
  component.hashes.set(HashAlgorithm["SHA-256"], entry.sha256);
  if (licence !== "") component.licenses.add(licenceOf(licence));
  if (sourceRpm !== "") component.properties.add(new Property("millwright:sourcerpm", sourceRpm));
  component.properties.add(new Property("millwright:sha256-as-built", entry.unsigned));
  return component;
}

/** `pkg:rpm/<distribution>/<name>@<version>-<release>?arch=…&distro=…`. */
export function purlOf(
  { name, version, release, arch, epoch, source }: Omit<Header, "nosource" | "signatures">,
  target: string,
): string {
  const [distribution] = target.split("-");
  const qualifiers = {
    arch: source ? "src" : arch,
    distro: target,
    ...(epoch !== "0" && { epoch }),
  };
  return new PackageURL("rpm", distribution, name, `${version}-${release}`, qualifiers, undefined).toString();
}

/** A UUID of the kind that everybody makes in their own way (RFC 9562, version 8). */
function serialOf(parts: readonly string[]): string {
  const hex = createHash("sha256").update(parts.join("\n")).digest("hex");
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return `urn:uuid:${[...groups, hex.slice(20, 32)].join("-")}`;
}
