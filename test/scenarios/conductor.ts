import { once } from "node:events";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { z } from "zod";
import { Effect, jsonOf, nameOf } from "./effect.ts";

export const Verdict = z.enum(["go", "die before", "die after"]);
export type Verdict = z.infer<typeof Verdict>;

/** One death that is asked for: at the first effect of this name in this story. */
export interface Kill {
  readonly effect: string;
  readonly when: Exclude<Verdict, "go">;
}

/** What a story in a repository did, and the deaths that it is to see. */
export interface Score {
  readonly repository: number;
  readonly owner: string;
  readonly kills: readonly Kill[];
  /** The effects so far, by name, and how often. */
  readonly heard: Map<string, number>;
  readonly died: Set<Kill>;
}

export interface Conductor {
  readonly url: string;
  follow(score: Pick<Score, "repository" | "owner" | "kills">): Score;
  close(): Promise<void>;
}

/** Doors ask here before each effect. Stories run side by side; an effect is told to be of one by the ids in it. */
export async function startConductor(): Promise<Conductor> {
  const scores: Score[] = [];
  const guids = new Map<string, Score>();
  const builds = new Map<string, Score>();

  function scoreOf({ url, body }: Effect): Score | undefined {
    const text = `${decodeURIComponent(url)} ${body}`;
    const [guid = ""] = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/.exec(text) ?? [];
    const score = scores.find((one) => isAbout(text, one)) ?? guids.get(guid) ?? builds.get(guid);
    // A delivery is known by its GUID once it is stored, a build once it stands in its run's record.
    if (score && /\/deliveries\/[^/]+$/.test(url)) guids.set(guid, score);
    for (const [, build = ""] of text.matchAll(/"build":"[^"]*:([0-9a-f-]{36})"/g))
      if (score) builds.set(build, score);
    return score;
  }

  const server = createServer(async (request, response) => {
    const effect = Effect.parse(await json(request));
    const score = scoreOf(effect);
    const name = nameOf(effect);
    score?.heard.set(name, (score.heard.get(name) ?? 0) + 1);
    const kill = score?.kills.find((one) => one.effect === name && !score.died.has(one));
    if (kill) score?.died.add(kill);
    response.end(kill?.when ?? "go");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`,
    follow(wanted) {
      const score = { ...wanted, heard: new Map<string, number>(), died: new Set<Kill>() };
      scores.push(score);
      return score;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function isAbout(text: string, { repository, owner }: Score): boolean {
  if (text.includes(`${owner}/`) || text.includes(`${owner}\\"`) || text.includes(`"${owner}"`)) return true;
  if (new RegExp(`(?<!\\d)${repository}(/|!)(pull|push|branch)`).test(text)) return true;
  const token = z
    .object({ repository_ids: z.array(z.int()) })
    .safeParse(jsonOf(text.slice(text.indexOf(" ") + 1)));
  return token.data?.repository_ids.includes(repository) ?? false;
}
