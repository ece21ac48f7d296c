import { describe, expect, test } from "vitest";
import { mailPowers } from "../../serverless/mail-powers.ts";
import { resolver } from "../../src/local/host/resolve.ts";
import { evaluate, Statement } from "./evaluate.ts";

const ROLE = "arn:aws:iam::1:role/SendMailRole";
const values = new Map([
  ["AWS::Partition", "aws"],
  ["AWS::Region", "eu-central-1"],
  ["AWS::AccountId", "1"],
]);
const resolve = resolver({ values, secrets: {}, addresses: new Map() });
const granted = mailPowers({ from: "bot@lists.example.org" }).map((one) => Statement.parse(resolve(one)));

const may = (action: string, identity: string, from: string) =>
  evaluate(
    { identity: granted, resource: [], resourceDecides: false },
    {
      principal: ROLE,
      action,
      resource: `arn:aws:ses:eu-central-1:1:identity/${identity}`,
      context: { "ses:FromAddress": from },
    },
  );

describe("who may send mail by SES", () => {
  test.each(["bot@lists.example.org", "lists.example.org"])("sends by the identity %s", (identity) => {
    expect(may("ses:SendRawEmail", identity, "bot@lists.example.org")).toBe("allow");
    expect(may("ses:SendEmail", identity, "bot@lists.example.org")).toBe("allow");
  });

  test("sends in no other name, by no other identity, and does nothing else there", () => {
    expect(may("ses:SendRawEmail", "lists.example.org", "boss@lists.example.org")).toBe("deny");
    expect(may("ses:SendRawEmail", "example.org", "bot@lists.example.org")).toBe("deny");
    expect(may("ses:SendBulkEmail", "lists.example.org", "bot@lists.example.org")).toBe("deny");
    expect(may("ses:DeleteEmailIdentity", "lists.example.org", "bot@lists.example.org")).toBe("deny");
  });

  test("has no power over SES where no mails are sent, or another server takes them", () => {
    expect(mailPowers(undefined)).toEqual([]);
    expect(mailPowers({ from: "bot@example.org", smtp: "smtp://mail.example.org" })).toEqual([]);
  });
});
