import type { Clock, Queue } from "../ports.ts";
import type { EventsMessage, StoredDelivery } from "../bot/messages.ts";

export interface DoorPorts {
  /** Is this GitHub's signature (`sha256=…`) over these bytes? */
  readonly isSigned: (body: Uint8Array, signature: string) => boolean;
  readonly ledger: { create(key: string, body: string): Promise<boolean> };
  readonly events: Queue<EventsMessage>;
  readonly clock: Clock;
}

/** What came over HTTP; header names in lower case. */
export interface Call {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

/** GitHub sends no more than 25 MB; Lambda takes no more than 6 MiB and answers 413 itself. */
const BYTES_MAX = 25 * 1024 * 1024;

/** HTTP -> the ledger -> the events queue. Verify, store, send, answer; whatever fails is for the sweep. */
export function receiveWebhook({ isSigned, ledger, events, clock }: DoorPorts) {
  return async ({ headers, body }: Call): Promise<Answer> => {
    const guid = headers["x-github-delivery"] ?? "";
    const event = headers["x-github-event"] ?? "";
    if (!isWord(guid, 64) || !isWord(event, 64)) return { statusCode: 400, body: "not a GitHub delivery" };
    const refusal = refusalOf(headers, body, isSigned);
    if (refusal) {
      // Under a name of its own: a forger must not be able to take the place of a real delivery.
      const note = { v: 1, at: clock(), event, bytes: body.length, because: refusal.body };
      await ledger.create(`refused/${guid}`, JSON.stringify(note));
      return refusal;
    }
    const stored: StoredDelivery = { v: 1, guid, event, at: clock(), body: text(body) };
    await ledger.create(`deliveries/${guid}`, JSON.stringify(stored));
    // Also when it is there already: the send of the first time may have failed.
    await events.send({ v: 1, delivery: guid });
    return { statusCode: 202, body: "accepted" };
  };
}

function refusalOf(
  headers: Call["headers"],
  body: Uint8Array,
  isSigned: DoorPorts["isSigned"],
): Answer | undefined {
  if (body.length > BYTES_MAX) return { statusCode: 413, body: "too large" };
  if (!isSigned(body, headers["x-hub-signature-256"] ?? ""))
    return { statusCode: 401, body: "not signed by our secret" };
  if (!(headers["content-type"] ?? "").startsWith("application/json"))
    return { statusCode: 415, body: "set the webhook's content type to application/json" };
  return undefined;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Letters, digits, `-` and `_` only: these headers are not signed, and become part of a key. */
const isWord = (value: string, max: number): boolean =>
  value.length > 0 && value.length <= max && Array.from(value).every((c) => WORD.has(c));

const WORD = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
