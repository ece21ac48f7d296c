import { expect, test } from "vitest";
import { bundleAsDeployed } from "../../bench/bundle.ts";

const KIB = 1024;

test("the webhook door is at most 10 KB and brings neither Probot, Octokit, a schema library nor the AWS SDK", async () => {
  const { code, modules } = await bundleAsDeployed("src/handlers/receive-webhook.ts");
  const strangers = modules.filter((file) => file.includes("node_modules"));

  expect(strangers).toEqual([]);
  expect(modules).toContain("src/platform/aws/door.ts");
  expect(code.length).toBeLessThanOrEqual(10 * KIB);
});
