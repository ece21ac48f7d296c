import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type S3Server, startS3 } from "../../../src/local/s3/server.ts";
import { because, cannotBuild, CREDENTIALS, type Machine, phasesOf, startMachine } from "./machine.ts";

describe.skipIf(cannotBuild !== undefined)(`artifacts of a build${because(cannotBuild)}`, () => {
  let dir: string;
  let s3Server: S3Server;
  let s3: S3Client;
  let machine: Machine;
  let count = 0;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), "artifacts-test-"));
    s3Server = await startS3({
      dir,
      port: 0,
      credentials: { [CREDENTIALS.accessKeyId]: CREDENTIALS.secretAccessKey },
    });
    const settings = { region: "eu-central-1", endpoint: s3Server.url, forcePathStyle: true };
    s3 = new S3Client({ ...settings, credentials: CREDENTIALS });
    await s3.send(new CreateBucketCommand({ Bucket: "artifacts" }));
    machine = await startMachine({
      s3: { port: s3Server.port },
      environmentFor: () => ({
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      }),
    });
  });
  afterAll(async () => {
    await machine.close();
    await s3Server.close();
    await rm(dir, { recursive: true });
  });

  /** Builds `make` and tells which keys came of it, without the project's name. */
  async function keysOf(make: string, artifacts: object, more: object = {}) {
    const name = `artifacts-${(count += 1)}`;
    const spec = { version: 0.2, phases: { build: { commands: [make] } }, artifacts };
    await machine.project(name, JSON.stringify(spec), {
      artifacts: { type: "S3", location: "artifacts", packaging: "NONE", ...more },
    });
    const build = await machine.build(name);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "artifacts", Prefix: name }));
    return { build, name, keys: Contents.map(({ Key }) => Key?.slice(name.length + 1)) };
  }

  const TREE =
    "mkdir -p out/deep; for f in out/a.rpm out/b.txt out/deep/c.rpm out/.d.rpm e.rpm; do echo $f > $f; done";

  test("files are those that a pattern names below the base directory", async () => {
    const all = await keysOf(TREE, { files: ["**/*"], "base-directory": "out" });
    expect(all.keys).toEqual([".d.rpm", "a.rpm", "b.txt", "deep/c.rpm"]);
    const some = await keysOf(TREE, { files: ["out/*.rpm", "e.rpm"], "exclude-paths": ["out/.*"] });
    expect(some.keys).toEqual(["e.rpm", "out/a.rpm"]);
    const flat = await keysOf(TREE, { files: ["out/**/*"], "discard-paths": true });
    expect(flat.keys).toEqual([".d.rpm", "a.rpm", "b.txt", "c.rpm"]);
  });

  test("an object holds the file and names the build", async () => {
    const { name, build } = await keysOf(TREE, { files: ["e.rpm"] });
    const object = { Bucket: "artifacts", Key: `${name}/e.rpm` };
    const { Body } = await s3.send(new GetObjectCommand(object));
    expect(await Body?.transformToString()).toBe("e.rpm\n");
    const { Metadata } = await s3.send(new HeadObjectCommand(object));
    expect(Metadata).toEqual({ "codebuild-buildarn": build.arn });
  });

  test("no file at all fails the upload, and a base directory outside has none", async () => {
    const none = await keysOf("true", { files: ["*.rpm"] });
    expect(phasesOf(none.build)["UPLOAD_ARTIFACTS"]).toBe("FAILED");
    expect(none.build.buildStatus).toBe("FAILED");
    const outside = await keysOf("true", { files: ["**/*"], "base-directory": "../readonly" });
    expect(outside.keys).toEqual([]);
  });

  test("a link that leads out of the build's directory is no file", async () => {
    const { keys } = await keysOf("ln -s /etc/passwd link; ln -s /etc all; touch file", { files: ["**/*"] });
    expect(keys).toEqual(["file"]);
    const base = await keysOf("ln -s /etc out", { files: ["**/*"], "base-directory": "out" });
    expect(base.keys).toEqual([]);
  });

  test("files are uploaded also after a failure", async () => {
    const { keys, build } = await keysOf(`${TREE}; false`, { files: ["e.rpm"] });
    expect(build.buildStatus).toBe("FAILED");
    expect(keys).toEqual(["e.rpm"]);
  });
});
