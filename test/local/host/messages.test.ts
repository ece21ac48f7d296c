import { afterEach, expect, test } from "vitest";
import { lambda, mapping, queue, redriven, type Set, setUp } from "./stage-set.ts";

let set: Set | undefined;
afterEach(async () => {
  await set?.close();
  set = undefined;
});

const WORK = {
  Dead: queue("dead"),
  Work: queue("work", redriven("Dead", 3)),
  Worker: lambda("worker", {}),
  Feed: mapping("Work", "Worker"),
};

const EACH = "for (const { body, messageId, attributes } of event.Records)";

test("a door gets what was sent, in Lambda's words, and the queue is empty after", async () => {
  set = await setUp(WORK, { worker: `note(JSON.stringify(event.Records[0]) + context.functionName);` });
  await set.send("Work", "hello");
  await set.host.idle();
  const [note = ""] = await set.notes();
  expect(note).toContain('"eventSource":"aws:sqs"');
  expect(note).toContain('"eventSourceARN":"arn:aws:sqs:eu-central-1:000000000000:work"');
  expect(note).toContain('"body":"hello"');
  expect(note).toContain('"ApproximateReceiveCount":"1"');
  expect(note).toMatch(/worker$/);
});

test("only what a door reports as failed comes again", async () => {
  set = await setUp(WORK, {
    worker: `
      const batchItemFailures = [];
      ${EACH} {
        note(body + attributes.ApproximateReceiveCount);
        if (body === "bad" && attributes.ApproximateReceiveCount === "1") batchItemFailures.push({ itemIdentifier: messageId });
      }
      return { batchItemFailures };`,
  });
  for (const body of ["good", "bad", "fine"]) await set.send("Work", body);
  await set.host.idle();
  expect((await set.notes()).toSorted()).toEqual(["bad1", "bad2", "fine1", "good1"]);
});

test("an answer that names a message of no batch fails the whole batch", async () => {
  set = await setUp(WORK, {
    worker: `
      ${EACH} note(body + attributes.ApproximateReceiveCount);
      const first = event.Records.every((one) => one.attributes.ApproximateReceiveCount === "1");
      return { batchItemFailures: first ? [{ itemIdentifier: "nobody" }] : [] };`,
  });
  await set.send("Work", "a");
  await set.host.idle();
  expect(await set.notes()).toEqual(["a1", "a2"]);
});

test("poison ends in the dead letters, and a redrive brings it back", async () => {
  set = await setUp(WORK, {
    worker: `
      ${EACH} {
        note(body);
        if (noted().filter((line) => line === body).length <= 3) throw new Error("cannot stomach it");
      }`,
  });
  await set.send("Work", "poison");
  await set.host.idle();
  expect(await set.notes()).toEqual(["poison", "poison", "poison"]);
  expect(set.said.join()).toContain("cannot stomach it");
  expect(await set.host.redrive("Work")).toBe(1);
  await set.host.idle();
  expect(await set.notes()).toHaveLength(4);
  expect(await set.host.redrive("Work")).toBe(0);
});

test("a door that is killed in the middle of a message gets it again in a new process", async () => {
  set = await setUp(WORK, {
    worker: `
      ${EACH} {
        note(body + process.pid);
        if (noted().length === 2) process.kill(process.pid, "SIGKILL");
        await new Promise((resolve) => setTimeout(resolve, 50));
        note("done " + body);
      }`,
  });
  await set.send("Work", "x");
  await set.host.idle();
  const [first, second, done] = await set.notes();
  expect(first).toMatch(/^x\d+$/);
  expect(second).toMatch(/^x\d+$/);
  expect(second).not.toBe(first);
  expect(done).toBe("done x");
  expect(set.said.join()).toContain("SIGKILL");
});

test("a door that takes longer than its timeout is killed, and the message comes again", async () => {
  set = await setUp(
    { ...WORK, Worker: lambda("worker", {}, { Timeout: 1 }) },
    {
      worker: `
        ${EACH} note(body);
        if (noted().length === 2) await new Promise((resolve) => setTimeout(resolve, 60_000));`,
    },
  );
  await set.send("Work", "slow");
  await set.host.idle();
  expect(await set.notes()).toEqual(["slow", "slow"]);
});

test("a group of a FIFO queue keeps its order, also when a message fails", async () => {
  set = await setUp(
    {
      Dead: queue("dead.fifo", { FifoQueue: true }),
      Work: queue("work.fifo", { FifoQueue: true, ...redriven("Dead", 5) }),
      Worker: lambda("worker"),
      Feed: mapping("Work", "Worker"),
    },
    {
      worker: `
        const batchItemFailures = [];
        ${EACH} {
          if (body === "a2" && attributes.ApproximateReceiveCount === "1") batchItemFailures.push({ itemIdentifier: messageId });
          else note(body);
        }
        return { batchItemFailures };`,
    },
  );
  for (const body of ["a1", "a2", "a3"]) await set.send("Work", body, "a");
  for (const body of ["b1", "b2"]) await set.send("Work", body, "b");
  await set.host.idle();
  const notes = await set.notes();
  expect(notes.filter((note) => note.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
  expect(notes.filter((note) => note.startsWith("b"))).toEqual(["b1", "b2"]);
});

test("a redrive keeps the group of a FIFO queue's dead letter", async () => {
  set = await setUp(
    {
      Dead: queue("dead.fifo", { FifoQueue: true }),
      Work: queue("work.fifo", { FifoQueue: true, ...redriven("Dead", 1) }),
      Worker: lambda("worker"),
      Feed: mapping("Work", "Worker"),
    },
    {
      worker: `
        ${EACH} {
          note(body + " of " + attributes.MessageGroupId);
          if (noted().length === 2) throw new Error("not yet");
        }`,
    },
  );
  await set.send("Work", "x", "g");
  await set.host.idle();
  expect(await set.host.redrive("Work")).toBe(1);
  await set.host.idle();
  expect(await set.notes()).toEqual(["x of g", "x of g"]);
});

test("no more batches are at work than the mapping allows", async () => {
  set = await setUp(
    { ...WORK, Feed: mapping("Work", "Worker", { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } }) },
    {
      worker: `
        globalThis.at = (globalThis.at ?? 0) + 1;
        note(String(globalThis.at));
        await new Promise((resolve) => setTimeout(resolve, 100));
        globalThis.at -= 1;`,
    },
  );
  for (const body of ["1", "2", "3", "4", "5", "6"]) await set.send("Work", body);
  await set.host.idle();
  const most = Math.max(...(await set.notes()).map(Number));
  expect(most).toBe(2);
});

test("a window gathers what comes within it into one batch", async () => {
  set = await setUp(
    {
      Work: queue("work", { VisibilityTimeout: 100 }),
      Worker: lambda("worker"),
      Feed: mapping("Work", "Worker", { MaximumBatchingWindowInSeconds: 1 }),
    },
    { worker: `note(String(event.Records.length));` },
  );
  for (const body of ["1", "2", "3", "4"]) await set.send("Work", body);
  await set.host.idle();
  expect(await set.notes()).toEqual(["4"]);
});

test("what waits in a queue is still there after the host was started again", async () => {
  set = await setUp(WORK, {
    worker: `
      ${EACH} {
        note(body);
        if (noted().length === 2) throw new Error("not yet");
      }`,
  });
  await set.send("Work", "kept");
  await expect.poll(() => set?.notes()).toEqual(["kept"]);
  await set.restart();
  await set.host.idle();
  expect(await set.notes()).toEqual(["kept", "kept"]);
});
