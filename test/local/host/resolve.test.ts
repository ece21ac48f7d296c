import { expect, test } from "vitest";
import { resolver } from "../../../src/local/host/resolve.ts";

const resolve = resolver({
  values: new Map([
    ["AWS::Region", "eu-central-1"],
    ["Queue", "http://127.0.0.1:1/000000000000/work"],
    ["Queue.Arn", "arn:aws:sqs:eu-central-1:000000000000:work"],
    ["Bucket.RegionalDomainName", "mirror.s3.eu-central-1.amazonaws.com"],
  ]),
  secrets: { WORD: "open ${sesame}" },
  addresses: new Map([["https://mirror.s3.eu-central-1.amazonaws.com", "http://127.0.0.1:2/mirror"]]),
});

test.each([
  ["a Ref", { Ref: "Queue" }, "http://127.0.0.1:1/000000000000/work"],
  ["a GetAtt", { "Fn::GetAtt": ["Queue", "Arn"] }, "arn:aws:sqs:eu-central-1:000000000000:work"],
  [
    "a Sub",
    { "Fn::Sub": "${AWS::Region}/${Queue.Arn}" },
    "eu-central-1/arn:aws:sqs:eu-central-1:000000000000:work",
  ],
  [
    "a Sub with names of its own",
    { "Fn::Sub": ["${a}-${AWS::Region}", { a: { Ref: "AWS::Region" } }] },
    "eu-central-1-eu-central-1",
  ],
  ["a Sub with a literal", { "Fn::Sub": "${!not} this" }, "${not} this"],
  ["a Join", { "Fn::Join": ["-", ["a", { Ref: "AWS::Region" }]] }, "a-eu-central-1"],
  ["a secret", "{{resolve:secretsmanager:millwright/dev:SecretString:WORD}}", "open ${sesame}"],
  [
    "an address of a bucket",
    { "Fn::Sub": "https://${Bucket.RegionalDomainName}/a" },
    "http://127.0.0.1:2/mirror/a",
  ],
  ["what is deeper", { a: [{ b: { Ref: "AWS::Region" } }], c: 1 }, { a: [{ b: "eu-central-1" }], c: 1 }],
])("%s", (_name, value, expected) => {
  expect(resolve(value)).toEqual(expected);
});

test("what nobody knows is named", () => {
  expect(() => resolve({ Ref: "Ghost" })).toThrow(/Ghost/);
  expect(() => resolve({ "Fn::Cidr": [] })).toThrow(/Fn::Cidr/);
  expect(() => resolve("{{resolve:secretsmanager:x:SecretString:GHOST}}")).toThrow(/GHOST/);
});
