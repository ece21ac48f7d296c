import type { Records } from "../ports.ts";

/**
 * Read, change, compare-and-swap, until nobody was faster. `change` may be asked several times; the very same value or
 * `undefined` changes nothing. Returns what is there in the end.
 */
export async function changeRecord<T>(
  records: Records<T>,
  key: string,
  change: (was: T | undefined) => T | undefined,
): Promise<T | undefined> {
  for (;;) {
    const record = await records.read(key);
    const now = change(record?.value);
    if (now === undefined || now === record?.value) return record?.value;
    const isWritten = record
      ? await records.replace(key, now, record.version)
      : await records.create(key, now);
    if (isWritten) return now;
  }
}
