import type { Builder, BuildNews, BuildOrder, BuildStatus, Started } from "../../src/ports.ts";

const AT = "2026-11-21T10:00:00.000Z";

/** A CodeBuild that remembers its builds, and answers what it is told to. */
export function fakeBuilder() {
  const builds = new Map<string, BuildNews>();
  const orders: BuildOrder[] = [];
  const stopped: string[] = [];
  const calls: string[] = [];
  /** Answers for the next starts; then all are started. */
  const answers: (Exclude<Started["kind"], "started"> | "lost")[] = [];
  const logs = new Map<string, string>();
  const begin = ({ pool, attempt }: Pick<BuildOrder, "pool" | "attempt">): string => {
    const build = `${pool}:${builds.size + 1}`;
    builds.set(build, { build, pool, attempt, status: "IN_PROGRESS", phase: "QUEUED", startedAt: AT });
    return build;
  };
  const fake = {
    async start(order: BuildOrder): Promise<Started> {
      calls.push(`start ${order.attempt}`);
      const answer = answers.shift();
      if (answer === "no-slot" || answer === "throttled") return { kind: answer };
      orders.push(order);
      const build = begin(order);
      if (answer === "lost") throw new Error("the answer was lost");
      return { kind: "started", build };
    },
    async find({ pool, attempt }: Pick<BuildOrder, "pool" | "attempt">) {
      calls.push(`find ${attempt}`);
      return [...builds.values()].findLast((one) => one.pool === pool && one.attempt === attempt)?.build;
    },
    look: async (ids: readonly string[]) => ids.flatMap((id) => builds.get(id) ?? []),
    async stop(build: string) {
      stopped.push(build);
    },
    log: async (build: string) => logs.get(build) ?? "",
    builds,
    orders,
    stopped,
    calls,
    answers,
    logs,
    begin,
    end(build: string, status: BuildStatus, more: Partial<BuildNews> = {}) {
      const news = builds.get(build);
      if (!news) throw new Error(`there is no build ${build}`);
      const endedAt = status === "IN_PROGRESS" ? undefined : "2026-11-21T11:00:00.000Z";
      const ended = { ...news, status, phase: "COMPLETED", endedAt, ...more };
      builds.set(build, ended);
      return ended;
    },
  };
  return fake satisfies Builder;
}
