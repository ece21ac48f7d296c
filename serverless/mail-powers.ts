import type { Deployment } from "../src/pipelines/deployment.ts";
import { allow, type Statement, sub } from "./resources.ts";

/**
 * Mails from one address, by whichever identity SES has verified for it: the address, or its domain. A raw mail by the
 * SESv2 API is asked about under either action.
 */
export function mailPowers(mail: Deployment["mail"]): readonly Statement[] {
  if (!mail || mail.smtp !== undefined) return [];
  const { from } = mail;
  const identity = (name: string) =>
    sub(`arn:\${AWS::Partition}:ses:\${AWS::Region}:\${AWS::AccountId}:identity/${name}`);
  const identities = [identity(from), identity(from.slice(from.lastIndexOf("@") + 1))];
  return [
    {
      ...allow(["ses:SendEmail", "ses:SendRawEmail"], identities),
      Condition: { StringEquals: { "ses:FromAddress": from } },
    },
  ];
}
