import { readFileSync } from "node:fs";
import { Deployment } from "../src/pipelines/deployment.ts";
import { POOLS } from "./pools.ts";
import { sub } from "./resources.ts";

/** What the operator decided (deployment.json). */
export function decided(): Deployment {
  const text = readFileSync(new URL("deployment.json", import.meta.url), "utf8");
  const atOnce = Object.fromEntries(POOLS.map((pool) => [pool.name, pool.atOnce]));
  return Deployment.parse({ ...JSON.parse(text), atOnce });
}

/** The same for the doors as one environment value. */
export const deployment = () => sub(JSON.stringify(decided()));
