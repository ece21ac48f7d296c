import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  type KMSClient,
  NotFoundException,
} from "@aws-sdk/client-kms";
import { z } from "zod";
import { ofType, type Template } from "./template.ts";
import type { Values } from "./values.ts";

/** Makes the keys that have an alias, or finds those of an earlier start by it. */
export async function makeKeys(template: Template, { kms, values }: { kms: KMSClient; values: Values }) {
  for (const { properties } of ofType(template, "AWS::KMS::Alias")) {
    const { AliasName, TargetKeyId } = Alias.parse(properties);
    const spec = Key.parse(template.Resources[TargetKeyId.Ref]?.Properties);
    const arn = (await find(kms, AliasName)) ?? (await make(kms, { alias: AliasName, spec }));
    values.set(TargetKeyId.Ref, arn.split("/").at(-1) ?? arn);
    values.set(`${TargetKeyId.Ref}.Arn`, arn);
  }
}

const Alias = z.object({ AliasName: z.string(), TargetKeyId: z.object({ Ref: z.string() }) });
const Key = z.object({
  KeySpec: z.enum(["RSA_4096", "RSA_3072", "RSA_2048", "ECC_NIST_P256"]),
  KeyUsage: z.literal("SIGN_VERIFY"),
  Description: z.string().optional(),
});

async function find(kms: KMSClient, alias: string): Promise<string | undefined> {
  try {
    return (await kms.send(new DescribeKeyCommand({ KeyId: alias }))).KeyMetadata?.Arn;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}

async function make(
  kms: KMSClient,
  { alias, spec }: { alias: string; spec: z.infer<typeof Key> },
): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand(spec));
  await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: KeyMetadata?.KeyId }));
  return KeyMetadata?.Arn ?? "";
}
