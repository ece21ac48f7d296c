import { because } from "../../bot/words/because.ts";
import type { Waiting } from "../../pipelines/order/dispatch-order.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import { expired, type PlannedKey, shipped } from "../../pipelines/release/key-calendar.ts";
import { provenances } from "../../pipelines/release/provenance.ts";
import type { Clock } from "../../ports.ts";
import { PULL_POOL } from "../../pipelines/pull-channel.ts";

export interface KeyPorts {
  readonly deployment: Deployment;
  /** The KMS keys that the deployment begins with: what signs what branches publish, what signs for pull requests, and
   *  what signs where packages come from. */
  readonly signingKey: string;
  readonly pullSigningKey: string;
  readonly attestationKey: string;
  /** What KMS knows a key by that came later: the deployment's prefix, and the name that the calendar gives. */
  readonly keyAlias: (name: string) => string;
}

type Timed = KeyPorts & { readonly clock: Clock };

/** The keys of a publication, or why nothing is signed. */
export function goodKeys(ports: Timed, waiting: Waiting, followers: readonly Waiting[]) {
  const ended = expiredKey(ports, waiting);
  if (ended) return { because: because.keyExpired(ended) };
  return publishKeys(ports, waiting, followers) ?? { because: because.noPullKey };
}

/** The keys of a publication, each by the time of its run: whoever does it again uses the same ones. */
export function publishKeys(ports: KeyPorts, waiting: Waiting, followers: readonly Waiting[]) {
  const { deployment, signingKey, pullSigningKey } = ports;
  // Which key signs follows from the pool: its builders may use no other.
  if (waiting.stage.pool === PULL_POOL)
    return deployment.pullKey && openPgpKeys(ports, deployment.pullKey, { id: pullSigningKey, waiting });
  return {
    ...openPgpKeys(ports, deployment.key, { id: signingKey, waiting }),
    ...attestation(ports, [waiting, ...followers]),
  };
}

/** A key that would sign a publication though its last day is over. */
export function expiredKey({ deployment, clock }: Timed, { run, stage }: Waiting) {
  const { key, pullKey, attestationKey } = deployment;
  const plans = stage.pool === PULL_POOL ? [pullKey] : [key, attestationKey];
  const when = { began: run.at, at: clock() };
  return plans.map((plan) => plan && expired(plan, when)).find((ended) => ended !== undefined);
}

function openPgpKeys(
  ports: KeyPorts,
  plan: PlannedKey,
  { id, waiting }: { readonly id: string; readonly waiting: Waiting },
) {
  const [key, ...others] = shipped(plan, waiting.run.at).map((one) => ({
    id: idOf(ports, one, id),
    name: one.name,
    email: one.email,
    created: one.created,
    ...(one.expires !== undefined && { expires: one.expires }),
  }));
  if (!key) throw new Error("There is no key to sign with.");
  return others.length > 0 ? { key, ships: others } : { key };
}

function attestation(ports: KeyPorts, [first, ...others]: readonly Waiting[]) {
  const { attestationKey: plan, github } = ports.deployment;
  if (!plan || !first) return {};
  const keys = shipped(plan, first.run.at);
  const [key, ...ships] = keys.map((one) => ({ id: idOf(ports, one, ports.attestationKey) }));
  const place = { builder: plan.builder, web: github.web };
  const builds = Object.fromEntries(
    [first, ...others].map(({ run }) => [run.id, provenances(run, place)] as const),
  );
  return key && { attestation: { key, ...(ships.length > 0 && { ships }), builds } };
}

const idOf = (ports: KeyPorts, { alias }: { readonly alias?: string | undefined }, first: string): string =>
  alias === undefined ? first : ports.keyAlias(alias);
