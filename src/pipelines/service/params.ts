import { z } from "zod";
import {
  Address,
  BaseName,
  FileName,
  Inside,
  many,
  needed,
  never,
  off,
  one,
  Revision,
  Switch,
  Text,
  Version,
} from "./values.ts";

const NO_CREDENTIALS = "services have no credentials here";
const SIGNED = "signatures of commits and tags are not looked for here";

/** `source:dest` of a file that gets another name. */
const Rename = Text.transform((text) => text.split(":")).pipe(z.tuple([Inside, FileName]));

/** What obs_scm and tar_scm have in common. */
const scm = {
  scm: needed(z.literal("git", "only git is fetched")),
  url: needed(Address),
  revision: one(Revision),
  subdir: one(Inside),
  version: one(z.union([z.enum(["_auto_", "_none_"]), Version], "it is no version")),
  versionformat: one(Text),
  "versionrewrite-pattern": one(Text),
  "versionrewrite-replacement": one(Text),
  versionprefix: one(Version),
  "match-tag": one(Text),
  "parent-tag": one(Revision),
  filename: one(BaseName),
  exclude: many(Inside),
  include: many(Inside),
  extract: many(Inside),
  "extract-rename": many(Rename),
  submodules: one(z.enum(["enable", "disable"], "it is enable or disable; a moving branch is no source")),
  lfs: off("files of git LFS are not fetched here"),
  sslverify: one(Switch.refine((isOn) => isOn, "certificates are always checked")),
  changesgenerate: one(Switch),
  changesauthor: one(Text),
  "without-version": one(Switch),
  "package-meta": off("the upstream's history is not packed"),
  "latest-signed-commit": off(SIGNED),
  "latest-signed-tag": off(SIGNED),
  "maintainers-asc": never(SIGNED),
  user: never(NO_CREDENTIALS),
  "keyring-passphrase": never(NO_CREDENTIALS),
  // These change nothing here.
  encoding: one(Text),
  locale: one(Text),
  "history-depth": one(Text),
};

const Extension = one(z.enum(["tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst"]));

/** Compressions by all the names that people give them. */
const COMPRESSIONS = {
  none: "none",
  gz: "gz",
  gzip: "gz",
  bz2: "bz2",
  bzip2: "bz2",
  xz: "xz",
  zst: "zst",
  zstd: "zst",
} as const;

const Compression = z
  .enum(["none", "gz", "gzip", "bz2", "bzip2", "xz", "zst", "zstd"])
  .transform((word) => COMPRESSIONS[word]);

/** Digests that still say something. */
const Verifier = z
  .enum(
    ["sha256", "sha256sum", "sha512", "sha512sum"],
    "only sha256 and sha512 say that a file is the right one",
  )
  .transform((word) => (word.startsWith("sha256") ? "sha256" : "sha512"));

const service = <Name extends string, Params extends z.ZodRawShape>(name: Name, params: Params) =>
  z.strictObject({ name: z.literal(name), params: z.strictObject(params) });

/** The services that are known, each with the parameters that it takes. */
export const ServiceCall = z.discriminatedUnion("name", [
  service("obs_scm", { ...scm, extension: never("an .obscpio has no other extension") }),
  service("tar_scm", { ...scm, extension: Extension }),
  service("tar", {
    obsinfo: one(FileName),
    filename: one(BaseName),
    version: one(z.union([z.enum(["_auto_", "_none_"]), Version], "it is no version")),
    versionprefix: one(Version),
    extension: Extension,
  }),
  service("set_version", {
    version: one(Version),
    basename: one(BaseName),
    file: many(FileName),
    fromfile: one(FileName),
    regex: one(Text),
    debug: one(Text),
  }),
  service("recompress", {
    file: z.array(FileName),
    compression: needed(Compression),
    keep: one(Switch),
  }),
  service("download_files", {
    enforceupstream: one(Switch),
    enforcelocal: one(Switch),
    recompress: off("what was downloaded stays as it is; recompress is a service of its own"),
    sslvalidation: one(Switch.refine((isOn) => isOn, "certificates are always checked")),
    enforceipv4: one(Switch),
    changesgenerate: one(Switch),
    changesauthor: one(Text),
  }),
  service("download_url", {
    url: one(Address),
    protocol: one(z.literal("https", "only https is fetched")),
    host: one(Text),
    path: one(Text),
    filename: one(FileName),
    "prefer-old": one(Switch),
    "download-manifest": never("list the addresses in services of their own"),
  }),
  service("verify_file", {
    file: needed(FileName),
    verifier: needed(Verifier),
    checksum: needed(Text),
  }),
  service("extract_file", {
    archive: needed(FileName),
    file: many(Inside),
    files: many(Inside),
    outfilename: one(FileName),
  }),
  service("go_modules", {
    archive: one(FileName),
    compression: one(Compression),
    vendorname: one(BaseName),
    basename: one(BaseName),
    subdir: one(Inside),
    strategy: one(Text),
    replace: many(Text),
    require: many(Text),
  }),
  service("cargo_vendor", {
    src: one(FileName),
    srcdir: one(FileName),
    srctar: one(FileName),
    compression: one(Compression),
    update: one(Text),
    strategy: one(Text),
    method: one(Text),
    tag: one(BaseName),
    cargotoml: many(Inside),
    filter: one(Text),
    "no-root-manifest": one(Text),
    "respect-lockfile": one(Text),
    "versioned-dirs": one(Text),
    "i-accept-the-risk": many(Text),
  }),
  service("node_modules", {
    cpio: one(FileName),
    output: one(FileName),
    "source-offset": one(Text),
    "package-lock": one(FileName),
    input: one(FileName),
    compression: one(Compression),
  }),
]);

export type ServiceCall = z.infer<typeof ServiceCall>;
export type ServiceName = ServiceCall["name"];
/** The names of parameters by the name of their service. */
export const KNOWN: ReadonlyMap<string, readonly string[]> = new Map(
  ServiceCall.options.map(({ shape }) => [shape.name.value, Object.keys(shape.params.shape)]),
);
