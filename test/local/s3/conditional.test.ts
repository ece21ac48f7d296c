import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fault } from "../../../src/local/s3/server.ts";
import type { Operation } from "../../../src/local/s3/wire.ts";
import { refusalOf, type RunningS3, runningS3 } from "./running.ts";

let running: RunningS3;
let fault: (operation: Operation) => Fault | undefined;
beforeEach(async () => {
  fault = () => undefined;
  running = await runningS3({ faults: (operation) => fault(operation) });
});
afterEach(() => running[Symbol.asyncDispose]());

const put = (Body: string, more: Partial<PutObjectCommandInput> = {}) =>
  running.s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body, ...more }));
const remove = (more = {}) =>
  running.s3.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "key", ...more }));
const text = async () => {
  const object = await running.s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "key" }));
  return object.Body?.transformToString();
};

describe("conditional writes", () => {
  test("If-None-Match: * writes where nothing is", async () => {
    await put("one", { IfNoneMatch: "*" });
    expect(await text()).toBe("one");
  });

  test("If-None-Match: * refuses where something is", async () => {
    await put("one");
    expect(await refusalOf(put("two", { IfNoneMatch: "*" }))).toBe("412 PreconditionFailed");
    expect(await text()).toBe("one");
  });

  test("If-None-Match with an ETag is not known to S3", async () => {
    expect(await refusalOf(put("one", { IfNoneMatch: '"abc"' }))).toBe("501 NotImplemented");
  });

  test("If-Match writes over its ETag and no other", async () => {
    const { ETag } = await put("one");
    expect(await refusalOf(put("two", { IfMatch: '"0123"' }))).toBe("412 PreconditionFailed");
    await put("two", { IfMatch: ETag });
    expect(await text()).toBe("two");
  });

  test("If-Match refuses where nothing is", async () => {
    expect(await refusalOf(put("one", { IfMatch: '"0123"' }))).toBe("404 NoSuchKey");
  });

  test("of thirty who create at once, one does", async () => {
    const writes = Array.from({ length: 30 }, (_, index) => refusalOf(put(`${index}`, { IfNoneMatch: "*" })));
    const answers = await Promise.all(writes);
    expect(answers.filter((answer) => answer === "not refused")).toHaveLength(1);
    expect(await text()).toBe(`${answers.indexOf("not refused")}`);
  });

  test("If-Match deletes its ETag and no other", async () => {
    const { ETag } = await put("one");
    expect(await refusalOf(remove({ IfMatch: '"0123"' }))).toBe("412 PreconditionFailed");
    expect(await text()).toBe("one");
    await remove({ IfMatch: ETag });
    expect(await refusalOf(text())).toBe("404 NoSuchKey");
    expect(await refusalOf(remove({ IfMatch: ETag }))).toBe("404 NoSuchKey");
  });

  test("a list of deletes is held to its ETags one by one", async () => {
    await put("one");
    const Objects = [{ Key: "key", ETag: '"0123"' }];
    const command = new DeleteObjectsCommand({ Bucket: "bucket", Delete: { Objects } });
    expect((await running.s3.send(command)).Errors).toMatchObject([
      { Key: "key", Code: "PreconditionFailed" },
    ]);
    expect(await text()).toBe("one");
  });
});

describe("faults", () => {
  test("are asked with the operation, and fail it before it has an effect", async () => {
    const seen: Operation[] = [];
    fault = (operation) => {
      seen.push(operation);
      return operation.name === "PutObject" ? { status: 409, code: "ConditionalRequestConflict" } : undefined;
    };
    expect(await refusalOf(put("one"))).toBe("409 ConditionalRequestConflict");
    expect(seen).toEqual([{ name: "PutObject", bucket: "bucket", key: "key" }]);
    expect(await refusalOf(text())).toBe("404 NoSuchKey");
  });

  test("can fail it after it had its effect", async () => {
    fault = ({ name }) =>
      name === "PutObject" ? { status: 500, code: "InternalError", after: true } : undefined;
    expect(await refusalOf(put("one"))).toBe("500 InternalError");
    expect(await text()).toBe("one");
  });
});
