import { decided } from "./deployment.ts";
import {
  allow,
  arnOf,
  logicalId,
  type Part,
  policy,
  ref,
  type Resolving,
  type Resource,
  sub,
} from "./resources.ts";

/** A key that signs on the mirror, and the one role that may sign with it, by one algorithm. */
interface Key {
  readonly id: string;
  /** Its name in KMS, after the deployment's prefix. */
  readonly alias: string;
  readonly says: string;
  readonly role: "PublishRole" | "PublishPullRole";
  readonly spec: keyof typeof ALGORITHMS;
}

const ALGORITHMS = { RSA_4096: "RSASSA_PKCS1_V1_5_SHA_256", ECC_NIST_P256: "ECDSA_SHA_256" } as const;

/** One for what branches publish, another for pull requests, so that who trusts the first takes nothing of the second; and
 *  one that says where packages come from. */
const FIRST: readonly Key[] = [
  {
    id: "SigningKey",
    alias: "signing",
    says: "Signs packages and metadata on the mirror",
    role: "PublishRole",
    spec: "RSA_4096",
  },
  {
    id: "PullSigningKey",
    alias: "pull-signing",
    says: "Signs packages and metadata of pull requests' channels",
    role: "PublishPullRole",
    spec: "RSA_4096",
  },
  {
    id: "AttestationKey",
    alias: "attestation",
    says: "Signs where packages on the mirror come from",
    role: "PublishRole",
    spec: "ECC_NIST_P256",
  },
];

/** The first keys, and those that the deployment has named since: a key's place is taken by another one with a name of
 *  its own, and what was signed stays what it was. */
export function keysOf({ key, pullKey, attestationKey }: ReturnType<typeof decided>): readonly Key[] {
  const plans = [key, pullKey, attestationKey];
  return FIRST.flatMap((first, n) => {
    const aliases = [plans[n]?.alias, plans[n]?.next?.alias].filter((alias) => alias !== undefined);
    return [first, ...aliases.map((alias) => ({ ...first, id: `${logicalId(alias)}Key`, alias }))];
  });
}

/** Keys never leave KMS, and are kept when the deployment is taken down; only the role of the one publish stage may sign
 *  with each, and an administrator who grants himself kms:Sign by IAM is still refused here. */
export async function keys({ resolveVariable }: Resolving): Promise<Part> {
  const prefix = await resolveVariable("self:custom.prefix");
  const all = keysOf(decided());
  return {
    Resources: Object.fromEntries(
      all.flatMap((key) => [
        [key.id, resourceOf(key)],
        [`${key.id}Alias`, aliasOf(key, prefix)],
      ]),
    ),
    Outputs: Object.fromEntries(all.map(({ id }) => [id, { Value: arnOf(id) }])),
  };
}

/** Policies of their own: a key's policy names the role, so the role cannot name the key. */
export function signingPolicies(): Readonly<Record<string, Resource>> {
  const roles = Map.groupBy(keysOf(decided()), ({ role }) => role);
  return Object.fromEntries(
    Array.from(roles, ([role, mine]) => [
      role.replace(/Role$/, "Signing"),
      {
        Type: "AWS::IAM::Policy",
        Properties: {
          PolicyName: "signing",
          Roles: [ref(role)],
          PolicyDocument: policy([
            allow(
              ["kms:GetPublicKey", "kms:Sign"],
              mine.map(({ id }) => arnOf(id)),
            ),
          ]),
        },
      },
    ]),
  );
}

const aliasOf = ({ id, alias }: Key, prefix: string): Resource => ({
  Type: "AWS::KMS::Alias",
  Properties: { AliasName: `alias/${prefix}${alias}`, TargetKeyId: ref(id) },
});

const resourceOf = ({ says, spec, role }: Key): Resource => ({
  Type: "AWS::KMS::Key",
  DeletionPolicy: "Retain",
  UpdateReplacePolicy: "Retain",
  Properties: {
    Description: says,
    KeySpec: spec,
    KeyUsage: "SIGN_VERIFY",
    PendingWindowInDays: 30,
    KeyPolicy: {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Administer",
          Effect: "Allow",
          Principal: { AWS: sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root") },
          Action: ADMINISTER,
          Resource: "*",
        },
        {
          Sid: "Publish",
          Effect: "Allow",
          Principal: { AWS: arnOf(role) },
          Action: ["kms:GetPublicKey", "kms:Sign"],
          Resource: "*",
        },
        noSigning("NobodyElseSigns", { ArnNotEquals: { "aws:PrincipalArn": arnOf(role) } }),
        noSigning("OneAlgorithm", { StringNotEquals: { "kms:SigningAlgorithm": ALGORITHMS[spec] } }),
      ],
    },
  },
});

const noSigning = (Sid: string, Condition: object) => ({
  Sid,
  Effect: "Deny",
  Principal: { AWS: "*" },
  Action: "kms:Sign",
  Resource: "*",
  Condition,
});

const ADMINISTER = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:EnableKey",
  "kms:GetKeyPolicy",
  "kms:GetPublicKey",
  "kms:ListKeyPolicies",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];
