import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { BuildRule } from "./build-rule.ts";

/** One attempt of a stage, as its build named itself. */
export interface Prompted {
  readonly attempt: string;
  readonly ends: BuildRule["ends"];
}

/** Builds ask here how they end. */
export interface Prompter {
  readonly url: string;
  /** Rules for builds of a repository. */
  direct(repository: number, rules: readonly BuildRule[]): void;
  /** Lets builds pass that are held and whose attempt holds these words. */
  letGo(repository: number, words: string): void;
  held(repository: number): readonly string[];
  /** Every build that asked, in order. */
  asked(repository: number): readonly Prompted[];
  close(): Promise<void>;
}

const LOGS = new URL("../../fixtures/logs/", import.meta.url);

export async function startPrompter(): Promise<Prompter> {
  const directions = new Map<number, readonly BuildRule[]>();
  const asked: (Prompted & { readonly repository: number })[] = [];
  const held = new Map<string, ServerResponse>();
  const ofRepository = (repository: number) => (attempt: string) => attempt.startsWith(`${repository}/`);
  const server = createServer((request, response) => {
    const attempt = new URL(request.url ?? "", "http://localhost").searchParams.get("attempt") ?? "";
    const repository = Number(attempt.split("/")[0]);
    const rule = (directions.get(repository) ?? []).find((one) => fits(one, attempt));
    asked.push({ repository, attempt, ends: rule?.ends ?? "passed" });
    if (rule?.ends === "held") {
      held.set(attempt, response);
      response.on("close", () => held.delete(attempt));
    } else response.end(wordsOf(rule));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    direct: (repository, rules) => void directions.set(repository, rules),
    letGo(repository, words) {
      const chosen = [...held].filter(([one]) => ofRepository(repository)(one) && one.includes(words));
      if (chosen.length === 0) throw new Error(`no build is held that is called ${words}`);
      for (const [, response] of chosen) response.end(wordsOf(undefined));
    },
    held: (repository) => [...held.keys()].filter(ofRepository(repository)),
    asked: (repository) => asked.filter((one) => one.repository === repository),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function fits({ trigger, stage, recipe, arch, attempt }: BuildRule, asked: string): boolean {
  const [run = "", name = "", number] = asked.split("#");
  const parts = name.split("/");
  return (
    (trigger === undefined || run.split("/")[1] === trigger) &&
    (stage === undefined || parts[0] === stage) &&
    (recipe === undefined || parts.some((part) => part.includes(recipe))) &&
    (arch === undefined || name.endsWith(arch)) &&
    (attempt === undefined || Number(number) === attempt)
  );
}

/** The first line says how it ends, what follows is the log, or what it lists. */
function wordsOf(rule: BuildRule | undefined): string {
  if (!rule || rule.ends === "passed") return `go\n${rule?.lists ?? ""}`;
  const log = rule.log === undefined ? "" : readFileSync(new URL(rule.log, LOGS), "utf8");
  const confession = rule.because === undefined ? "" : `millwright: ${rule.ends}: ${rule.because}\n`;
  return `stop\n${log}${confession}`;
}
