/** A CodeBuild in a process of its own, of another user or to be killed: `node serve.ts DIR S3PORT` prints its address. */
import { startCodeBuild } from "../../../src/local/codebuild/server.ts";
import { CREDENTIALS, ROOMY } from "./machine.ts";

const server = await startCodeBuild({
  dir: process.argv[2] ?? "",
  port: 0,
  credentials: { [CREDENTIALS.accessKeyId]: CREDENTIALS.secretAccessKey },
  roots: async () => ({ kind: "host" }),
  environmentFor: () => ({}),
  s3: { port: Number(process.argv[3]) },
  onEvent: () => undefined,
  limits: ROOMY,
  log: () => undefined,
});
process.stdout.write(`${server.url}\n`);
