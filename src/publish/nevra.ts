import type { Header } from "./header.ts";

type Named = Pick<Header, "name" | "epoch" | "version" | "release" | "arch" | "source">;

/** Name, epoch, version, release and arch: what tells packages apart. An epoch of 0 is not written. */
export function nevraOf(header: Named): string {
  const epoch = header.epoch === "0" ? "" : `${header.epoch}:`;
  return `${header.name}-${epoch}${header.version}-${header.release}.${published(header)}`;
}

/** The file name that rpm gives a package by its header. */
export const fileOf = (header: Named): string =>
  `${header.name}-${header.version}-${header.release}.${published(header)}.rpm`;

/** Where a signed package lives below its target: by its content, so that it is never written twice or over.
 *  S3 reads a raw `+` in an address as a space and clients differ in escaping it: such characters are not used. */
export const poolPath = (sha256: string, file: string): string =>
  `pool/${sha256.slice(0, 2)}/${sha256}/${file.replaceAll(/[^A-Za-z0-9._-]/g, "_")}`;

const published = ({ arch, source }: Named): string => (source ? "src" : arch);
