import { refusal } from "./refusal.ts";

/** Percent-encodes as SigV4 and S3 do: all but letters, digits and `-._~`. */
export const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

export const encodePath = (path: string): string => path.split("/").map(encode).join("/");

/** Decodes a path as S3 does: a raw `+` is a space, `%2B` a plus; dots and slashes stay as they are. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll("+", " "));
  } catch (cause) {
    const message = "Couldn't parse the specified URI.";
    throw Object.assign(refusal(400, "InvalidURI", { message }), { cause });
  }
}

export interface Place {
  readonly bucket: string;
  readonly key: string;
}

/** Splits `bucket/key`; the key may be empty, and may hold anything up to 1024 bytes. */
export function placeOf(path: string): Place {
  const slash = path.indexOf("/");
  const bucket = slash < 0 ? path : path.slice(0, slash);
  const key = slash < 0 ? "" : path.slice(slash + 1);
  if (Buffer.byteLength(key) > 1024) throw refusal(400, "KeyTooLongError");
  return { bucket, key };
}
