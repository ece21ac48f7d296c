import { byteReader, CRLF } from "./byte-reader.ts";
import { refusal } from "./refusal.ts";

const incomplete = (message: string): Error => refusal(400, "IncompleteBody", { message });

/** Decodes `aws-chunked` (sizes in hex, then headers as a trailer, which go to `onTrailer`). */
export async function* decodeAwsChunked(
  body: AsyncIterable<Uint8Array>,
  onTrailer: (name: string, value: string) => void,
): AsyncGenerator<Uint8Array> {
  const reader = byteReader(body, incomplete);
  for (;;) {
    const size = chunkSize(await reader.text(CRLF, 1024));
    if (size === 0) break;
    yield* reader.exactly(size);
    if ((await reader.text(CRLF, 0)) !== "") throw incomplete("A chunk is longer than it says.");
  }
  for (let line = await reader.text(CRLF, 8192); line !== ""; line = await reader.text(CRLF, 8192)) {
    const colon = line.indexOf(":");
    onTrailer(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}

function chunkSize(line: string): number {
  const hex = line.split(";")[0] ?? "";
  if (!/^[0-9a-fA-F]{1,12}$/.test(hex)) throw incomplete("A chunk has no size.");
  return Number.parseInt(hex, 16);
}
