import { Probot, ProbotOctokit } from "probot";
import type { BotEvent } from "../../bot/events.ts";
import type { Hear } from "../../ports-github.ts";
import type { Log } from "../../ports.ts";
import type { App } from "./client.ts";

type Listen = (pass: (event: BotEvent) => void) => (probot: Probot) => void;

/**
 * Probot hears a delivery that the door has verified, by `receive`. One Probot per delivery: it keeps
 * state between requests that must not leak from one message into the next.
 */
export function probotHear(app: App, secret: string, { listen, log }: { listen: Listen; log: Log }): Hear {
  return async ({ guid, event, body }) => {
    const events: BotEvent[] = [];
    const probot = new Probot({
      appId: app.appId,
      privateKey: app.privateKey,
      baseUrl: app.api,
      secret,
      log: logger(log),
      Octokit: ProbotOctokit.defaults((options: object) => ({
        ...options,
        throttle: { enabled: false },
        retry: { enabled: false },
      })),
    });
    await probot.load(listen((heard) => events.push(heard)));
    // The door has checked the signature, so this is GitHub's own name and payload.
    const heard: unknown = { id: guid, name: event, payload: JSON.parse(body) };
    await probot.receive(heard as Parameters<typeof probot.receive>[0]);
    return events;
  };
}

/** Probot's own logger opens a stream of its own; ours writes the line at once. */
function logger(log: Log) {
  const at = (level: string) => (fact: unknown, message?: string) =>
    log("probot", { level, ...(typeof fact === "string" ? { said: fact } : { said: message }) });
  const levels = {
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: at("warn"),
    error: at("error"),
    fatal: at("fatal"),
  };
  const made = { ...levels, level: "warn", silent: nothing, child: () => made };
  return made as unknown as NonNullable<ConstructorParameters<typeof Probot>[0]>["log"];
}

const nothing = (): void => {};
