import { z } from "zod";

/** What a door is about to do to the world, as its process tells it. */
export const Effect = z.object({
  door: z.string(),
  pid: z.int(),
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.unknown()),
  body: z.string(),
});
export type Effect = z.infer<typeof Effect>;

/**
 * The same effect in every story has the same name, which tells the door, what it does, and where in the story: for a
 * record its stages' states, for a message what it asks for.
 */
export function nameOf({ door, method, url, headers, body }: Effect): string {
  const target = headers["x-amz-target"];
  const { pathname } = new URL(url);
  const path = decodeURIComponent(pathname);
  if (typeof target === "string") return `${door} ${target.split(".")[1]} ${messageOf(body)}`;
  if (url.includes("/api/v3/")) return `${door} ${method} ${plain(path)} ${checkOf(body)}`.trim();
  return `${door} ${method} ${plain(path.slice(path.indexOf("/", 1)))} ${recordOf(body)}`.trim();
}

const plain = (text: string) =>
  text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "(id)")
    .replaceAll(/[0-9a-f]{40,64}/g, "(sha)")
    .replaceAll(/\d{3,}/g, "(n)")
    .replaceAll(/story-\w+/g, "(owner)")
    .replaceAll(/pull([/!])\d+/g, "pull$1(n)");

/** Which queue, and what for. */
function messageOf(body: string): string {
  const {
    QueueUrl = "",
    MessageBody = "",
    MessageDeduplicationId: once = "",
    projectName,
    id,
  } = JSON.parse(body) as Record<string, string>;
  if (projectName) return projectName;
  if (id) return "stop";
  const why = once.startsWith("free") ? "free" : /\/(pull|push)\//.exec(once)?.[1];
  return [QueueUrl.split("/").at(-1), plain(MessageBody), why].filter(Boolean).join(" ");
}

const Recorded = z.object({
  stages: z.array(z.object({ name: z.string(), state: z.string() })),
  rev: z.int(),
  reported: z.int(),
});
const Stored = z.object({ guid: z.string(), event: z.string(), body: z.string() });

function recordOf(body: string): string {
  const json = jsonOf(body);
  const run = Recorded.safeParse(json).data;
  if (run) return run.stages.map(({ name, state }) => `${name.split("/")[0]}=${state}`).join(" ");
  const stored = Stored.safeParse(json).data;
  const verdict = z.object({ verdicts: z.array(z.object({ because: z.string() })) }).safeParse(json).data;
  return stored?.event ?? verdict?.verdicts[0]?.because ?? "";
}

const Shown = z.object({ name: z.string(), status: z.string(), external_id: z.string() });

function checkOf(body: string): string {
  const shown = Shown.safeParse(jsonOf(body)).data;
  return shown ? `${shown.name} ${shown.status} ${/\/(pull|push)\//.exec(shown.external_id)?.[1] ?? ""}` : "";
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
