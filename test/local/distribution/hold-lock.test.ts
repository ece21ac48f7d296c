import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { holdLock } from "../../../src/local/distribution/hold-lock.ts";

let file: string;

beforeEach(async () => {
  const dir = await mkdtemp(join(tmpdir(), "hold-lock-"));
  file = join(dir, "lock");
  return () => rm(dir, { recursive: true });
});

test("who comes later works later", async () => {
  const seen: string[] = [];
  const work = async (name: string): Promise<void> => {
    seen.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    seen.push(`${name} ends`);
  };
  await Promise.all(["a", "b", "c"].map((name) => holdLock(file, () => work(name))));
  expect(seen.filter((_, at) => at % 2 === 0).map((begun) => begun.replace("begins", "ends"))).toEqual(
    seen.filter((_, at) => at % 2 === 1),
  );
});

test("a failure is passed on and frees the lock", async () => {
  await expect(holdLock(file, () => Promise.reject(new Error("no paper")))).rejects.toThrow("no paper");
  await expect(holdLock(file, () => Promise.resolve("printed"))).resolves.toBe("printed");
});

test("a holder that is killed holds nothing", async () => {
  const module = new URL("../../../src/local/distribution/hold-lock.ts", import.meta.url).href;
  const script = `import { holdLock } from ${JSON.stringify(module)};
    await holdLock(${JSON.stringify(file)}, async () => { console.log("held"); await new Promise((end) => setTimeout(end, 60_000)); });`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  holder.kill("SIGKILL");
  await expect(holdLock(file, () => Promise.resolve("mine"))).resolves.toBe("mine");
});
