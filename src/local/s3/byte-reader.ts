/** Takes a stream of bytes apart without holding more than a chunk of it. */
export interface ByteReader {
  /** The bytes before `mark`, which is swallowed. */
  until(mark: Uint8Array): AsyncGenerator<Uint8Array>;
  /** Just so many bytes. */
  exactly(count: number): AsyncGenerator<Uint8Array>;
  /** The text before `mark`, of at most `limit` bytes. */
  text(mark: Uint8Array, limit: number): Promise<string>;
}

export const CRLF = Buffer.from("\r\n");

/** `broken` makes the error for a stream that ends too early or a text that is too long. */
export function byteReader(source: AsyncIterable<Uint8Array>, broken: (why: string) => Error): ByteReader {
  const chunks = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);

  async function more(): Promise<void> {
    const next = await chunks.next();
    if (next.done) throw broken("The body ended too early.");
    held = held.length === 0 ? Buffer.from(next.value) : Buffer.concat([held, next.value]);
  }

  function take(count: number): Buffer {
    const taken = held.subarray(0, count);
    held = held.subarray(count);
    return taken;
  }

  async function* until(mark: Uint8Array): AsyncGenerator<Uint8Array> {
    for (;;) {
      const at = held.indexOf(mark);
      if (at >= 0) {
        if (at > 0) yield take(at);
        take(mark.length);
        return;
      }
      // The mark may begin in this chunk and end in the next.
      const safe = held.length - (mark.length - 1);
      if (safe > 0) yield take(safe);
      await more();
    }
  }

  async function* exactly(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0;) {
      if (held.length === 0) await more();
      const chunk = take(Math.min(left, held.length));
      left -= chunk.length;
      if (chunk.length > 0) yield chunk;
    }
  }

  async function text(mark: Uint8Array, limit: number): Promise<string> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of until(mark)) {
      size += part.length;
      if (size > limit) throw broken("A line of the body is too long.");
      parts.push(part);
    }
    return Buffer.concat(parts).toString("utf8");
  }

  return { until, exactly, text };
}
