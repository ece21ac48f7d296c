import { z } from "zod";
import { Provenance } from "../pipelines/release/provenance.ts";
import { Arch } from "../pipelines/run.ts";
import { Lock } from "../pipelines/release/lock.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** One segment of a path on the mirror. */
const segment = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);
const path = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/);

/** A package as the record knows it: the file `name` of a build, `size` in bytes, digest in hex, `url` to read it. */
const Offer = z.readonly(
  z.strictObject({
    job: z.string(),
    /** The run that built it; absent: the manifest's. */
    run: z.optional(z.string()),
    arch: Arch,
    name: z.string(),
    url: z.url(),
    size: z.int(),
    sha256,
  }),
);

/** An ostree tree as the record knows it: the repository that a build left as the file `name`, and the ref that it is for. */
const Tree = z.readonly(
  z.strictObject({
    job: z.string(),
    arch: Arch,
    target: segment,
    ref: z.string(),
    name: z.string(),
    url: z.url(),
    size: z.int(),
    sha256,
  }),
);

/** A commit that is published below another channel's prefix, and the ref here that is to lead to its tree. */
const PromotedTree = z.readonly(z.strictObject({ ref: z.string(), commit: sha256, prefix: path }));

/** A file of an image as the record knows it, with the object that it is (`from`), for a server to copy. */
const Image = z.readonly(
  z.strictObject({
    job: z.string(),
    arch: Arch,
    target: segment,
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+~^-]{0,199}$/),
    /** The run that built it; absent: the manifest's. */
    run: z.optional(z.string()),
    url: z.url(),
    from: z.readonly(z.strictObject({ bucket: z.string(), key: z.string() })),
    size: z.int(),
    sha256,
  }),
);

/** A dated release: `number` is `YYYYMMDD_NN`, `from` the channel it was promoted from, `of` the release whose content a
 *  rollback brings back, `supportUntil` the last day (UTC) of its channel. */
const Release = z.readonly(
  z.strictObject({
    number: z.string().regex(/^[0-9]{8}_[0-9]{2}$/),
    from: z.optional(path),
    sha: z.string(),
    branch: z.string(),
    supportUntil: z.optional(z.iso.date()),
    asked: z.optional(z.enum(["nightly", "promotion", "rollback"])),
    of: z.optional(z.string()),
  }),
);
export type Release = z.infer<typeof Release>;

/** A key of KMS, and who it says it is; `expires` is its last day. */
const Key = z.readonly(
  z.strictObject({
    id: z.string(),
    created: z.iso.datetime(),
    name: z.string(),
    email: z.string(),
    expires: z.optional(z.iso.date()),
  }),
);

/** What one publish stage is asked to do. Times are ISO 8601 in UTC; `at` is that of every signature. */
export const Manifest = z.readonly(
  z.strictObject({
    v: z.literal(1),
    job: z.string(),
    at: z.iso.datetime(),
    run: z.string(),
    repo: z.strictObject({ id: z.int(), owner: segment, name: segment }),
    channel: path,
    release: z.optional(Release),
    /** What went into the release, to lie beside it. */
    lock: z.optional(Lock),
    mirror: z.strictObject({ bucket: z.string(), prefix: path, url: z.url() }),
    /** What signs, and what clients are given too: the key that comes after it, or the one that was before. */
    key: Key,
    ships: z.optional(z.array(Key)),
    /** The key that signs where packages come from, and what there is to say, by run and job; absent: that is not said. */
    attestation: z.optional(
      z.strictObject({
        key: z.strictObject({ id: z.string() }),
        ships: z.optional(z.array(z.strictObject({ id: z.string() }))),
        builds: z.record(z.string(), z.record(z.string(), Provenance)),
      }),
    ),
    /** `withdraw`: NEVRAs that the next snapshot leaves out, if it has them. `restore`: the number of an older snapshot,
     *  whose packages are all that the next one has. `after`: the last number that was given away before the channel
     *  began anew. */
    targets: z.array(
      z
        .strictObject({
          target: segment,
          packages: z.array(Offer),
          withdraw: z.optional(z.array(z.string())),
          restore: z.optional(z.int().positive()),
          after: z.optional(z.int()),
        })
        .refine(
          ({ restore, packages, withdraw = [] }) =>
            restore === undefined || packages.length + withdraw.length === 0,
          "a target that is restored gets nothing else",
        ),
    ),
    trees: z.optional(z.array(Tree)),
    promoted: z.optional(z.array(PromotedTree)),
    images: z.optional(z.array(Image)),
    upload: z.strictObject({ url: z.url(), fields: z.record(z.string(), z.string()) }),
  }),
);
export type Manifest = z.infer<typeof Manifest>;
