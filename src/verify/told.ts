import { z } from "zod";

// What a stranger reads of what is told of releases; there is more in it.

/** An image of a release; all but digest and size are addresses. */
const Image = z.readonly(
  z.looseObject({
    location: z.url(),
    newest: z.optional(z.url()),
    sha256: z.string(),
    size: z.int(),
    checksum: z.url(),
    signature: z.url(),
    sbom: z.optional(z.url()),
    attestation: z.optional(z.url()),
  }),
);
export type Image = z.infer<typeof Image>;

/** `release.json`. */
export const Release = z.readonly(
  z.looseObject({ release: z.string(), images: z.optional(z.readonly(z.array(Image))) }),
);
export type Release = z.infer<typeof Release>;

/** `releases.json`, the newest first. */
export const Releases = z.readonly(
  z.looseObject({ releases: z.readonly(z.array(z.looseObject({ release: z.string() }))) }),
);
export type Releases = z.infer<typeof Releases>;

/** `stream.json`: the newest release, if there is one. */
export const Stream = z.readonly(z.looseObject({ release: z.optional(z.string()) }));

export const releaseUrl = (channel: string, number: string): string =>
  `${channel}/releases/${number}/release.json`;

/** A digest as sha256sum writes it. */
export const digestLine = (address: string, sha256: string): string =>
  `${sha256}  ${address.slice(address.lastIndexOf("/") + 1)}\n`;
