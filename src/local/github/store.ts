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
export const openStore = async (dir: string, quietMs = 20): Promise<Store> => {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, "state.json");
  const state = await readState(file);
  let dirty = false;
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    while (dirty) {
      await new Promise((resolve) => setTimeout(resolve, quietMs));
      dirty = false;
      await replaceFile(file, JSON.stringify(state));
    }
  };
  const run = (): Promise<void> => {
    writing ??= write().finally(() => (writing = undefined));
    return writing;
  };
  return {
    state,
    touch: () => {
      dirty = true;
      // A failed write is met again by `flush`, which rejects with it.
      run().catch(() => (dirty = true));
    },
    flush: async () => {
      while (dirty || writing) await run();
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
