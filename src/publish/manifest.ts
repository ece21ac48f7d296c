import { z } from "zod";
import { Arch } from "../pipelines/run.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** One segment of a path on the mirror. */
const segment = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);
const path = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/);

/** A package as the record knows it: the file `name` of a build, `size` in bytes, digest in hex, `url` to read it. */
const Offer = z.readonly(
  z.strictObject({
    job: z.string(),
    arch: Arch,
    name: z.string(),
    url: z.url(),
    size: z.int(),
    sha256,
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
    mirror: z.strictObject({ bucket: z.string(), prefix: path, url: z.url() }),
    key: z.strictObject({
      id: z.string(),
      created: z.iso.datetime(),
      name: z.string(),
      email: z.string(),
    }),
    /** `withdraw`: NEVRAs that the next snapshot leaves out, if it has them. */
    targets: z.array(
      z.strictObject({
        target: segment,
        packages: z.array(Offer),
        withdraw: z.optional(z.array(z.string())),
      }),
    ),
    upload: z.strictObject({ url: z.url(), fields: z.record(z.string(), z.string()) }),
  }),
);
export type Manifest = z.infer<typeof Manifest>;
