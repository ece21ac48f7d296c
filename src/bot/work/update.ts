import { withChangelog, withChanges } from "../../pipelines/spec/changelog.ts";
import { compareVersions } from "../../pipelines/spec/rpm-version.ts";
import type { Recipe } from "../../pipelines/run.ts";
import { type Moved, movedSources } from "../../pipelines/service/moved.ts";
import { readServices, SERVICE_FILE, VENDORING } from "../../pipelines/service/services.ts";
import { sumEnd, summedIn } from "../../pipelines/service/sums.ts";
import { isVersion } from "../../pipelines/service/values.ts";
import { versionAsked, withServiceVersion } from "../../pipelines/service/version.ts";
import { isAddress, readSpec } from "../../pipelines/spec/spec.ts";
import { withFirstRelease } from "../../pipelines/spec/release.ts";
import { withVersion } from "../../pipelines/spec/version.ts";
import { fileOf, folderOf } from "./recipes.ts";
import { updateWords } from "../words/update.ts";

/** The files of a recipe that speak of its version; what is not there is undefined. */
export interface RecipeFiles {
  readonly spec: string;
  readonly service?: string | undefined;
  /** openSUSE's changelog beside the spec. */
  readonly changes?: string | undefined;
}

export interface ToUpdate {
  readonly recipe: Recipe;
  readonly files: RecipeFiles;
  /** All paths of the commit. */
  readonly paths: readonly string[];
  readonly version: string;
  /** ISO 8601. */
  readonly at: string;
  /** Who writes the changelog, `Name <mail>`. */
  readonly author: string;
}

export type Draft =
  | {
      readonly kind: "draft";
      readonly was: string;
      /** Path -> new text. */
      readonly files: Readonly<Record<string, string>>;
      /** Where the new version is fetched from. */
      readonly addresses: readonly string[];
      /** What has to be run or fetched for it, besides these texts. */
      readonly work: Work;
      /** What has to be done by hand, in sentences. */
      readonly undone: readonly string[];
    }
  | { readonly kind: "nothing" | "mistake"; readonly because: string };

/** What an update asks for that is not written but made. */
export interface Work {
  /** Services that run for updates only. */
  readonly services: readonly string[];
  /** Paths of files whose digests speak of the old version. */
  readonly sums: readonly string[];
  /** Paths of committed sources that others take the place of. */
  readonly sources: readonly string[];
  /** What is fetched from elsewhere now. */
  readonly moved: readonly Moved[];
}

/** Where a recipe's `_service` and `.changes` stand. */
export function pathsOf({ path }: Recipe): { readonly service: string; readonly changes: string } {
  const folder = folderOf(path);
  return {
    service: folder === "" ? SERVICE_FILE : `${folder}/${SERVICE_FILE}`,
    changes: `${path.slice(0, -".spec".length)}.changes`,
  };
}

/** The version that a recipe has: its `_service`'s where that writes it into the spec. */
export function versionOf({ spec, service }: RecipeFiles): string | undefined {
  const written = readSpec(spec).version?.value ?? "";
  const asked = isFilledIn(spec, service) ? versionAsked(readServices(service ?? "")) : undefined;
  return asked ?? (isVersion(written) ? written : undefined);
}

/** Does a service write the version, and the spec hold a placeholder? */
const isFilledIn = (spec: string, service: string | undefined): boolean =>
  service !== undefined &&
  readSpec(spec).version?.raw === "0" &&
  readServices(service).services.some(({ name }) => name === "set_version");

/** A recipe with another version, and nothing else touched; or why not. */
export function draftUpdate({ recipe, files, paths, version, at, author }: ToUpdate): Draft {
  const was = versionOf(files);
  if (!isVersion(version)) return { kind: "mistake", because: updateWords.noVersion(version) };
  if (was === undefined) return { kind: "mistake", because: updateWords.unknownVersion(recipe.path) };
  const order = compareVersions(version, was);
  if (order <= 0) return { kind: "nothing", because: updateWords.has(recipe.name, was, order < 0) };
  const rewritten = isFilledIn(files.spec, files.service)
    ? { text: files.spec }
    : withVersion(files.spec, version);
  if ("sentence" in rewritten)
    return { kind: "mistake", because: `${recipe.path}:${rewritten.line}: ${rewritten.sentence}` };
  const released = withFirstRelease(rewritten.text);
  const entry = { at, author, version };
  const spec = files.changes === undefined ? withChangelog(released, { ...entry, release: "1" }) : released;
  const service = files.service && withServiceVersion(files.service, { was, version });
  const where = pathsOf(recipe);
  const all = [
    [recipe.path, files.spec, spec],
    [where.service, files.service, service],
    [where.changes, files.changes, files.changes !== undefined && withChanges(files.changes, entry)],
  ] as const;
  const now = { spec, service };
  return {
    kind: "draft",
    was,
    files: Object.fromEntries(
      all.flatMap(([path, before, now]) => (typeof now === "string" && now !== before ? [[path, now]] : [])),
    ),
    addresses: newAddresses(files, now),
    work: workOf({ before: files, now }, paths, folderOf(recipe.path)),
    undone: undoneIn(now, where.service),
  };
}

/** Addresses that are fetched now and were not before. */
function newAddresses(before: RecipeFiles, now: RecipeFiles): readonly string[] {
  const old = new Set(addressesIn(before));
  return addressesIn(now).filter((address) => !old.has(address));
}

function addressesIn({ spec, service }: RecipeFiles): readonly string[] {
  const written = readSpec(spec).sources.map(({ value }) => value);
  const fetched = readServices(service ?? "").services.flatMap((one) =>
    one.name === "download_url" && one.params.url !== undefined ? [one.params.url] : [],
  );
  return [...written, ...fetched]
    .filter((address) => isAddress(address) && !address.includes("%{"))
    .map((address) => address.split("#")[0] ?? "");
}

interface Rewritten {
  readonly before: RecipeFiles;
  readonly now: RecipeFiles;
}

function workOf({ before, now }: Rewritten, paths: readonly string[], folder: string): Work {
  const moved = movedSources(before, now);
  const beside = (isMeant: (file: string) => boolean) =>
    paths.filter((path) => folderOf(path) === folder && isMeant(fileOf(path)));
  const summed = summedIn(new Map([[SERVICE_FILE, now.service ?? ""]]), moved).length > 0;
  const isListed = (file: string): boolean =>
    file === "sources" ? moved.length > 0 : moved.some(({ was }) => file === was + (sumEnd(file) ?? "/"));
  return {
    services: runIn(now)
      .map(({ name }) => name)
      .filter((name) => !VENDORING.has(name)),
    sums: [...beside((file) => summed && file === SERVICE_FILE), ...beside(isListed)],
    sources: beside((file) => moved.some(({ was }) => was === file)),
    moved,
  };
}

const runIn = ({ service }: RecipeFiles) =>
  readServices(service ?? "").services.filter(({ when }) => when === "update");

/** What nobody does here: dependencies are vendored by people, and services that are not known are theirs. */
function undoneIn({ service = "" }: RecipeFiles, path: string): readonly string[] {
  const { services, mistakes } = readServices(service);
  const vendored = services.map(({ name }) => name).filter((name) => VENDORING.has(name));
  const unknown = mistakes.filter(({ when }) => when === "update");
  return [
    ...(vendored.length > 0 ? [updateWords.vendored(vendored)] : []),
    ...unknown.map(({ line, sentence }) => updateWords.byHand(`${path}:${line}: ${sentence}`)),
  ];
}
