import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Delivery } from "./state.ts";

/** What went out with a delivery, and what came back. */
export interface DeliveryRecord {
  readonly payload: unknown;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly answer: { readonly headers: Readonly<Record<string, string>>; readonly payload: string } | null;
}

/** How many deliveries are remembered. */
const most = 2000;

/** Payloads, one file per attempt in `dir/deliveries`. */
export const deliveryFiles = (dir: string) => {
  const file = (id: number): string => join(dir, "deliveries", `${id}.json`);
  return {
    read: async (id: number): Promise<DeliveryRecord> =>
      JSON.parse(await readFile(file(id), "utf8")) as DeliveryRecord,
    write: async (id: number, record: DeliveryRecord): Promise<void> => {
      await mkdir(join(dir, "deliveries"), { recursive: true });
      await writeFile(file(id), JSON.stringify(record), { mode: 0o600 });
    },
    /** Lets go of the oldest ones beyond what is remembered. */
    forget: async (deliveries: Delivery[]): Promise<void> => {
      for (const old of deliveries.splice(0, Math.max(0, deliveries.length - most)))
        await rm(file(old.id), { force: true });
    },
  };
};
