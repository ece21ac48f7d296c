import { Octokit } from "@octokit/rest";
import type { GitHub } from "../../../src/local/github/github.ts";
import type { Theatre } from "../theatre.ts";
import { SPEC } from "../village.ts";
import type { Postman } from "./postman.ts";
import type { Prompter } from "./prompter.ts";
import type { Script } from "./script.ts";

export interface House {
  readonly theatre: Theatre;
  readonly postman: Postman;
  readonly prompter: Prompter;
  /** Runs of these repositories cannot be written. */
  readonly broken: Set<number>;
  /** These are private. */
  readonly secret: Set<number>;
}

export interface Person {
  readonly id: number;
  readonly octokit: Octokit;
  login: string;
}

/** A scenario's own corner of GitHub, and the names that it gives to what is in it. */
export interface Cast {
  readonly id: number;
  readonly installation: Awaited<ReturnType<GitHub["admin"]["install"]>>;
  /** What is added to names of people, so that scenarios do not meet. */
  readonly tag: string;
  repo: string;
  readonly people: Map<string, Person>;
  readonly commits: Map<string, string>;
  readonly comments: Map<string, number>;
  readonly looks: Map<string, unknown>;
}

const nothing = () => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

let founded = 0;

/** Gives a scenario its people and its repository. */
export async function foundCast({ theatre, prompter, secret }: House, script: Script): Promise<Cast> {
  const { admin, apiUrl } = theatre.github;
  founded += 1;
  const tag = `-s${String(founded).padStart(2, "0")}`;
  const repo = "packages";
  const people = new Map(
    ["owner", ...Object.keys(script.people)].map((name): [string, Person] => {
      const { id, login, token } = admin.createUser({ login: name + tag });
      return [name, { id, login, octokit: new Octokit({ auth: token, baseUrl: apiUrl, log: SILENT }) }];
    }),
  );
  const owner = `owner${tag}`;
  const cast = { tag, repo, people, commits: new Map(), comments: new Map(), looks: new Map() };
  const files = filesOf({ people, commits: cast.commits }, script.files);
  const first = Object.fromEntries(
    Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [[path, text]])),
  );
  const { id } = await admin.createRepository({ owner, name: repo, files: first, private: script.private });
  for (const [name, level] of Object.entries(script.people))
    if (level !== "none") admin.addCollaborator(owner, repo, { login: name + tag, level });
  admin.protectBranch(owner, repo, "main");
  const installation = await admin.install(owner, [repo]);
  prompter.direct(id, script.builds);
  if (script.private) secret.add(id);
  const { data } = await personOf(cast, "owner").octokit.rest.repos.getBranch({
    owner,
    repo,
    branch: "main",
  });
  cast.commits.set("start", data.commit.sha);
  return { ...cast, id, installation };
}

export function personOf({ people }: Pick<Cast, "people">, name: string): Person {
  const person = people.get(name);
  if (!person) throw new Error(`nobody is called ${name}`);
  return person;
}

export const ownerOf = (cast: Pick<Cast, "people">): string => personOf(cast, "owner").login;

export function shaOf({ commits }: Pick<Cast, "commits">, name: string): string {
  const sha = commits.get(name);
  if (sha === undefined) throw new Error(`no commit is called ${name}`);
  return sha;
}

/** `spec` is a spec of the file's name; in other texts `${carol.id}`, `${carol}` and `${first}` are what they name. */
export function filesOf(
  cast: Pick<Cast, "people" | "commits">,
  files: Readonly<Record<string, string | null>>,
): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => {
      const name = path.split("/").at(-1)?.replace(".spec", "") ?? "";
      if (text?.startsWith("spec")) return [path, SPEC.replace("greet", name) + text.slice("spec".length)];
      return [path, text === null ? null : filled(cast, text)];
    }),
  );
}

export function filled({ people, commits }: Pick<Cast, "people" | "commits">, text: string): string {
  let full = text;
  for (const [name, { id, login }] of people)
    full = full.replaceAll(`\${${name}.id}`, String(id)).replaceAll(`\${${name}}`, login);
  for (const [name, sha] of commits)
    full = full.replaceAll(`\${${name}}`, sha.slice(0, 10)).replaceAll(`\${${name}.sha}`, sha);
  return full;
}
