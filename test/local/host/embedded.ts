import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startCodeBuild } from "../../../src/local/codebuild/server.ts";
import { startSqs } from "../../../src/local/host/sqs-server.ts";
import { startKms } from "../../../src/local/kms/server.ts";
import { startS3 } from "../../../src/local/s3/server.ts";

export interface Embedded {
  readonly dir: string;
  readonly endpoints: Readonly<Record<"sqs" | "s3" | "kms" | "codebuild" | "logs", string>>;
  close(): Promise<void>;
}

export const credentials = { accessKeyId: "deployer", secretAccessKey: "secret" };

/** The embedded services in a directory of their own; they know `credentials` and nobody else. */
export async function startEmbedded(): Promise<Embedded> {
  const dir = await mkdtemp(path.join(tmpdir(), "embedded-"));
  for (const name of ["sqs", "s3", "kms", "codebuild"]) await mkdir(path.join(dir, name));
  const known = { [credentials.accessKeyId]: credentials.secretAccessKey };
  const log = () => undefined;
  const at = (name: string) => ({ dir: path.join(dir, name), port: 0, log });
  const sqs = await startSqs(at("sqs"));
  const s3 = await startS3({ ...at("s3"), credentials: known });
  const kms = await startKms({ ...at("kms"), credentials: known });
  const codebuild = await startCodeBuild({
    ...at("codebuild"),
    credentials: known,
    roots: async () => ({ kind: "host" }),
    environmentFor: () => ({}),
    s3: { port: s3.port },
    onEvent: async () => undefined,
    limits: { memoryBytes: 1024 ** 3, pids: 100, cpuPercent: 100 },
  });
  return {
    dir,
    endpoints: { sqs: sqs.url, s3: s3.url, kms: kms.url, codebuild: codebuild.url, logs: codebuild.url },
    async close() {
      for (const server of [codebuild, kms, s3, sqs]) await server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
