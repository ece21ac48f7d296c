/** What an object of a repository is. */
export type ObjectKind = "commit" | "commitmeta" | "dirtree" | "dirmeta" | "filez" | "file";

/** An object of a repository: its kind and its SHA-256 in hex. */
export interface ObjectName {
  readonly kind: ObjectKind;
  readonly sum: string;
}

/** Where an object lies, in a local repository and on a mirror alike. */
export const objectPath = ({ kind, sum }: ObjectName): string =>
  `objects/${sum.slice(0, 2)}/${sum.slice(2)}.${kind}`;

export const refPath = (ref: string): string => `refs/heads/${ref}`;

/** Where the files of a static delta lie, from one commit to another: base64 without padding, `_` for `/`. */
export function deltaPath(from: string | undefined, to: string): string {
  const name = [...(from === undefined ? [] : [from]), to].map(short).join("-");
  return `deltas/${name.slice(0, 2)}/${name.slice(2)}`;
}

const short = (sum: string): string =>
  Buffer.from(sum, "hex").toString("base64").replaceAll("=", "").replaceAll("/", "_");

/** A ref as ostree allows it: parts of letters, digits and `-._`, each beginning with one of the first two. */
export const isRef = (ref: string): boolean =>
  ref.length <= 200 && /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/.test(ref);

export const isSum = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** The commit that a delta leads to, of the path of one of its files. */
export function deltaEnd(path: string): string | undefined {
  const [, begin = "", rest = ""] = path.split("/");
  const name = (begin + rest).replaceAll("_", "/").replaceAll(" ", "+");
  const sum = Buffer.from(name.slice(name.lastIndexOf("-") + 1), "base64").toString("hex");
  return isSum(sum) ? sum : undefined;
}
