import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { emptyState, type State } from "./state.ts";

export interface Store {
  readonly state: State;
  /** Says that the state has changed; it is on disk soon after, many changes in one write. */
  touch(): void;
  /** Waits until everything said so far is on disk. */
  flush(): Promise<void>;
}

/** Opens the state kept in `dir/state.json`, or an empty one. */
export const openStore = async (dir: string, quietMs = 100): Promise<Store> => {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, "state.json");
  const state = await readState(file);
  const writer = coalescedWriter(() => replaceFile(file, JSON.stringify(state)), quietMs);
  return { state, ...writer };
};

/** Writes soon after a touch, many touches in one write, one write at a time. */
const coalescedWriter = (write: () => Promise<void>, quietMs: number): Pick<Store, "touch" | "flush"> => {
  const now = { dirty: false, writing: Promise.resolve(), busy: false };
  const run = async (): Promise<void> => {
    try {
      while (now.dirty) {
        await new Promise((resolve) => setTimeout(resolve, quietMs));
        now.dirty = false;
        await write();
      }
    } catch (cause) {
      now.dirty = true;
      throw cause;
    } finally {
      now.busy = false;
    }
  };
  const start = (): Promise<void> => {
    if (now.busy) return now.writing;
    now.busy = true;
    now.writing = run();
    return now.writing;
  };
  return {
    touch: () => {
      now.dirty = true;
      // A write that failed is tried again by `flush`, which rejects if it fails there too.
      start().catch(() => undefined);
    },
    flush: async () => {
      await now.writing.catch(() => undefined);
      if (now.dirty) await start();
    },
  };
};

const readState = async (file: string): Promise<State> => {
  try {
    return { ...emptyState(), ...(JSON.parse(await readFile(file, "utf8")) as State) };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return emptyState();
    throw new Error(`${file} is not readable: move it away to start with an empty GitHub`, { cause });
  }
};

const replaceFile = async (file: string, text: string): Promise<void> => {
  const handle = await open(`${file}.new`, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
};
