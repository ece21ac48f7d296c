import { readServices } from "./services.ts";

/** A digest that a `_service` holds a file against, and where its hex stands in the text (UTF-16 code units). */
export interface Sum {
  readonly file: string;
  readonly algorithm: "sha256" | "sha512";
  readonly from: number;
  readonly to: number;
}

export const sumsIn = (service: string): readonly Sum[] =>
  readServices(service).services.flatMap((one): readonly Sum[] => {
    const place = one.written.find(({ name }) => name === "checksum");
    if (one.name !== "verify_file" || !place || place.from === 0) return [];
    const { file, verifier: algorithm } = one.params;
    return [{ file, algorithm, from: place.from, to: place.to }];
  });

/** The same text with other digests at these places, which stand in the order of the text. */
export const withSums = (text: string, sums: readonly (Sum & { readonly hex: string })[]): string =>
  sums.reduceRight((now, { from, to, hex }) => now.slice(0, from) + hex + now.slice(to), text);

/** Is it a list of digests beside a spec: Fedora's `sources`, or `<file>.sha256`? */
export const isSumList = (file: string): boolean => file === "sources" || sumEnd(file) !== undefined;

/** The end of a file's name that says which digest of another file stands in it. */
export const sumEnd = (file: string): string | undefined =>
  [".sha256", ".sha512"].find((end) => file.endsWith(end));
