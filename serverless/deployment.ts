import { readFileSync } from "node:fs";
import { Deployment } from "../src/pipelines/deployment.ts";

/** What the operator decided (deployment.json), for the doors as one environment value. */
export function deployment() {
  const text = readFileSync(new URL("deployment.json", import.meta.url), "utf8");
  const decided = Deployment.parse(JSON.parse(text));
  return { json: { "Fn::Sub": JSON.stringify(decided) }, keyCreated: decided.key.created };
}
