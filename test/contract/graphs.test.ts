import { randomUUID } from "node:crypto";
import { Graph } from "../../src/pipelines/graph/record.ts";
import { s3Blobs } from "../../src/platform/aws/blobs.ts";
import { s3Records } from "../../src/platform/aws/records.ts";
import { memoryBlobs, recordsIn } from "../flow/memory.ts";
import { runningS3 } from "../local/s3/running.ts";
import { graphsContract } from "./graphs.contract.ts";

graphsContract("in memory", async () => {
  const blobs = memoryBlobs();
  return { graphs: recordsIn<Graph>(blobs), graphKeys: blobs, close: async () => {} };
});

graphsContract("on the embedded S3", async () => {
  const running = await runningS3();
  const { s3, bucket } = running;
  return {
    graphs: s3Records({ s3, bucket, parse: (json) => Graph.parse(json), nonce: randomUUID }),
    graphKeys: s3Blobs({ s3, bucket, nonce: randomUUID }),
    close: () => running[Symbol.asyncDispose](),
  };
});
