import { createHmac } from "node:crypto";
import type { DeliveryRecord } from "./delivery-files.ts";
import type { Delivery } from "./state.ts";
import type { App } from "./world.ts";

const timeoutMs = 10_000;

export interface Outcome {
  readonly headers: Readonly<Record<string, string>>;
  readonly code: number;
  readonly status: string;
  /** Seconds. */
  readonly duration: number;
  readonly answer: DeliveryRecord["answer"];
}

/** Signs and sends one delivery; it waits ten seconds for an answer. */
export const postWebhook = async (app: App, delivery: Delivery, payload: unknown): Promise<Outcome> => {
  const body = JSON.stringify(payload);
  const headers = signedHeaders(app, delivery, body);
  const started = performance.now();
  const outcome = await post(app.webhookUrl, headers, body);
  return { headers, ...outcome, duration: Math.round(performance.now() - started) / 1000 };
};

const signedHeaders = (app: App, delivery: Delivery, body: string): Record<string, string> => {
  const sign = (hash: string): string => createHmac(hash, app.webhookSecret).update(body).digest("hex");
  return {
    accept: "*/*",
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/local",
    "x-github-delivery": delivery.guid,
    "x-github-event": delivery.event,
    "x-github-hook-id": String(app.id),
    "x-github-hook-installation-target-id": String(app.id),
    "x-github-hook-installation-target-type": "integration",
    "x-hub-signature": `sha1=${sign("sha1")}`,
    "x-hub-signature-256": `sha256=${sign("sha256")}`,
  };
};

const post = async (url: string, headers: Record<string, string>, body: string) => {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
    const answer = { headers: Object.fromEntries(response.headers), payload: await response.text() };
    return { code: response.status, status: response.ok ? "OK" : "Invalid HTTP Response", answer };
  } catch (cause) {
    const late = (cause as Error).name === "TimeoutError";
    return { code: 0, status: late ? "timed out" : "failed to connect to host", answer: null };
  }
};
