/** What Lambda's runtime does once: import the module, hand it the first event. Bundled to JavaScript before it runs. */
import { readFileSync, writeSync } from "node:fs";

const start = performance.now();
const before = process.cpuUsage();
const [module = "", event = ""] = process.argv.slice(2);
const { handler } = (await import(module)) as {
  handler: (event: unknown) => Promise<{ statusCode: number }>;
};
const { statusCode } = await handler(JSON.parse(readFileSync(event, "utf8")));
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(before);
writeSync(1, JSON.stringify({ statusCode, ms, cpu: (user + system) / 1000 }));
process.exit();
