import { AwsV4Signer } from "aws4fetch";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { signed } from "../../src/platform/aws/signature.ts";

const caller = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7", region: "eu-central-1" };

test("a request is signed as another implementation of Signature Version 4 signs it", async () => {
  const words = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
  const requests = fc.record({
    service: fc.constantFrom("s3" as const, "sqs" as const),
    method: fc.constantFrom("PUT" as const, "POST" as const),
    path: fc.array(words, { maxLength: 3 }),
    body: fc.string({ unit: "grapheme" }),
    headers: fc.dictionary(fc.stringMatching(/^x-[a-z-]{1,12}$/), words),
    sessionToken: fc.option(words, { nil: undefined }),
    at: fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }),
  });
  await fc.assert(
    fc.asyncProperty(requests, async ({ path, at, sessionToken, ...request }) => {
      const url = new URL(`http://127.0.0.1:4566/${path.join("/")}`);
      const who = { ...caller, sessionToken };
      const headers = signed({ ...request, url }, who, at.toISOString());
      const { authorization, host: _host, ...sent } = headers;

      const other = new AwsV4Signer({
        ...caller,
        ...request,
        url: url.href,
        headers: sent,
        datetime: sent["x-amz-date"] ?? "",
        allHeaders: true,
        singleEncode: true,
      });

      expect(authorization).toBe(await other.authHeader());
    }),
  );
});
