import { z } from "zod";

const Event = z.object({
  detail: z.object({
    "build-id": z.string(),
    "build-status": z.string().optional(),
    "additional-information": z.object({
      environment: z.object({
        "environment-variables": z.array(z.object({ name: z.string(), value: z.string() })),
      }),
    }),
  }),
});

export interface Playbill {
  /** Takes note of what CodeBuild tells EventBridge, before anything of it can be lost. Always `false`. */
  see(event: unknown): boolean;
  /** Attempt -> its builds and how they stand, for all attempts that begin like this. */
  of(start: string): ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Every build that there ever was, by the attempt that it was started for. */
export function playbill(): Playbill {
  const attempts = new Map<string, Map<string, string>>();
  return {
    see(event) {
      const { detail } = Event.parse(event);
      const variables = detail["additional-information"].environment["environment-variables"];
      const attempt = variables.find(({ name }) => name === "MILLWRIGHT_JOB")?.value ?? "";
      const builds = attempts.get(attempt) ?? new Map<string, string>();
      attempts.set(attempt, builds);
      const status = detail["build-status"] ?? builds.get(detail["build-id"]) ?? "IN_PROGRESS";
      builds.set(detail["build-id"], status);
      return false;
    },
    of: (start) => new Map([...attempts].filter(([attempt]) => attempt.startsWith(start))),
  };
}
