import { createPublicKey } from "node:crypto";
import { z } from "zod";
import type { Log } from "../../ports.ts";
import { type JsonServer, type Operation, operation, serveJson, serviceError } from "../json-protocol.ts";
import type { Credentials } from "../s3/signature.ts";
import { algorithmsOf, type Message, signMessage, verifyMessage } from "./digest-signature.ts";
import { type Key, keyRing, KeySpec } from "./keys.ts";

export interface KmsOptions {
  /** Where keys are kept. */
  readonly dir: string;
  readonly port: number;
  readonly credentials: Credentials;
  /** May this access key do this (`kms:Sign`) with this key (its ARN)? Absent: every signed request may. */
  readonly allow?: ((accessKeyId: string, action: string, keyArn: string) => boolean) | undefined;
  readonly log: Log;
}

const REGION = "eu-central-1";
const ACCOUNT = "000000000000";

const Named = z.object({ KeyId: z.string() });
const Base64 = z.base64().transform((text) => Buffer.from(text, "base64"));
const Signing = Named.extend({
  Message: Base64.refine((bytes) => bytes.length > 0 && bytes.length <= 4096, "1 to 4096 bytes"),
  MessageType: z.enum(["RAW", "DIGEST"]).default("RAW"),
  SigningAlgorithm: z.string(),
});

/** AWS KMS on loopback: asymmetric signing keys on disk, for the unmodified SDK. */
export async function startKms(options: KmsOptions): Promise<JsonServer> {
  const keys = keyRing({ dir: options.dir, arnPrefix: `arn:aws:kms:${REGION}:${ACCOUNT}:` });

  async function permitted(keyId: string, action: string, accessKeyId: string): Promise<Key> {
    const key = await keys.find(keyId);
    if (options.allow?.(accessKeyId, `kms:${action}`, key.arn) === false)
      throw denied(accessKeyId, action, key.arn);
    return key;
  }

  const operations: Record<string, Operation> = {
    CreateKey: operation(CreateKey, async (input, caller) => {
      if (options.allow?.(caller, "kms:CreateKey", "*") === false) throw denied(caller, "CreateKey", "*");
      return { KeyMetadata: metadataOf(await keys.create(input.KeySpec, input.Description)) };
    }),
    CreateAlias: operation(CreateAlias, async (input, caller) => {
      await permitted(input.TargetKeyId, "CreateAlias", caller);
      await keys.name(input.AliasName, input.TargetKeyId);
    }),
    DescribeKey: operation(Named, async (input, caller) => ({
      KeyMetadata: metadataOf(await permitted(input.KeyId, "DescribeKey", caller)),
    })),
    GetPublicKey: operation(Named, async (input, caller) => {
      const key = await permitted(input.KeyId, "GetPublicKey", caller);
      const der = createPublicKey(key.private).export({ type: "spki", format: "der" });
      return { ...keyFacts(key), KeyId: key.arn, PublicKey: der.toString("base64") };
    }),
    Sign: operation(Signing, async (input, caller) => {
      const key = await permitted(input.KeyId, "Sign", caller);
      const signature = signMessage(key, messageOf(input, key)).toString("base64");
      return { KeyId: key.arn, Signature: signature, SigningAlgorithm: input.SigningAlgorithm };
    }),
    Verify: operation(Signing.extend({ Signature: Base64 }), async (input, caller) => {
      const key = await permitted(input.KeyId, "Verify", caller);
      if (!verifyMessage(key, messageOf(input, key), input.Signature))
        throw serviceError(
          "KMSInvalidSignatureException",
          "The signature is not this key's over this message.",
        );
      return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm };
    }),
  };

  return await serveJson({
    port: options.port,
    credentials: options.credentials,
    services: { TrentService: { signingName: "kms", invalid: "ValidationException", operations } },
    log: options.log,
  });
}

const CreateKey = z.object({
  KeySpec,
  KeyUsage: z.literal("SIGN_VERIFY"),
  Description: z.string().default(""),
});

const CreateAlias = z.object({
  AliasName: z.string().regex(/^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/),
  TargetKeyId: z.string(),
});

const keyFacts = (key: Key) => ({
  KeySpec: key.spec,
  CustomerMasterKeySpec: key.spec,
  KeyUsage: "SIGN_VERIFY",
  SigningAlgorithms: algorithmsOf(key.spec),
});

const metadataOf = (key: Key) => ({
  ...keyFacts(key),
  AWSAccountId: ACCOUNT,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: key.created,
  Enabled: true,
  Description: key.description,
  KeyState: "Enabled",
  Origin: "AWS_KMS",
  KeyManager: "CUSTOMER",
  MultiRegion: false,
});

function messageOf(input: z.output<typeof Signing>, key: Key): Message {
  if (!algorithmsOf(key.spec).some((algorithm) => algorithm === input.SigningAlgorithm))
    throw serviceError(
      "InvalidKeyUsageException",
      `${key.arn} does not sign by ${input.SigningAlgorithm}; it can: ${algorithmsOf(key.spec).join(", ")}.`,
    );
  return { bytes: input.Message, type: input.MessageType };
}

const denied = (caller: string, action: string, arn: string): Error =>
  serviceError(
    "AccessDeniedException",
    `${caller} is not authorized to perform: kms:${action} on resource: ${arn}`,
  );
