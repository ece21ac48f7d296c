import { startS3 } from "../../../src/local/s3/server.ts";

// A server in a process of its own, to be killed and measured: tells its address on the first line.
const [dir = "", keyId = "", secret = ""] = process.argv.slice(2);
const { url } = await startS3({ dir, port: 0, credentials: { [keyId]: secret } });
process.stdout.write(`${url}\n`);
