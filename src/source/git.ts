import { join } from "node:path";
import { basic } from "./progress.ts";
import { type Ran, runProgram } from "./run-program.ts";
import { infrastructure } from "./failure.ts";

export interface GitOrder {
  readonly args: readonly string[];
  readonly input?: string | undefined;
  readonly into?: number | undefined;
  /** Exit codes that are answers; others are failures. */
  readonly answers?: readonly number[] | undefined;
}

/** Runs git on one bare repository. */
export type Git = (order: GitOrder) => Promise<Ran>;

export interface Remote {
  readonly url: string;
  readonly token?: string | undefined;
  /** `host:port:address`: where to connect for this host, whatever its name server says now. */
  readonly pin?: string | undefined;
}

/**
 * Creates an empty bare repository in `dir`. Nothing is ever checked out of it. Its remotes are `origin`, which
 * gives files when they are needed, and `whole`, which gives them all.
 */
export async function createRepository(dir: string, remote: Remote): Promise<Git> {
  const env = environment(dir, remote);
  const repository = join(dir, "repository.git");
  const git: Git = async ({ args, input, into, answers = [0] }) => {
    const ran = await runProgram({ program: "git", args, env, cwd: dir, input, into });
    if (!answers.includes(ran.code)) throw infrastructure(`git ${wordIn(args)}: ${lastWords(ran.err)}`);
    return ran;
  };
  await git({ args: ["init", "--quiet", "--bare", "--template=", repository] });
  env["GIT_DIR"] = repository;
  return git;
}

/** Credentials and settings travel in the environment: an argument could be read by any process. */
function environment(dir: string, { url, token, pin }: Remote): Record<string, string> {
  const settings = [
    ...SETTINGS,
    ["remote.origin.url", url],
    ["remote.origin.promisor", "true"],
    ["remote.origin.partialclonefilter", "blob:none"],
    ["remote.whole.url", url],
  ];
  if (pin) settings.push(["http.curloptResolve", pin]);
  if (token)
    settings.push([`http.${new URL(url).origin}/.extraHeader`, `Authorization: Basic ${basic(token)}`]);
  const numbered = settings.flatMap(([name = "", value = ""], at) => [
    [`GIT_CONFIG_KEY_${at}`, name],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    HOME: dir,
    LC_ALL: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "/bin/false",
    GIT_ALLOW_PROTOCOL: "https:http",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(numbered),
  };
}

const SETTINGS: readonly (readonly [string, string])[] = [
  ["core.hooksPath", "/dev/null"],
  ["credential.helper", ""],
  // Tools of old wrote these; they are harmless, and history cannot be changed.
  ["fetch.fsck.badTimezone", "ignore"],
  ["fetch.fsck.missingSpaceBeforeDate", "ignore"],
  ["fetch.fsck.zeroPaddedFilemode", "ignore"],
  ["fetch.recurseSubmodules", "false"],
  ["gc.auto", "0"],
  ["http.followRedirects", "false"],
  ["http.lowSpeedLimit", "1000"],
  ["http.lowSpeedTime", "60"],
  ["maintenance.auto", "false"],
  ["transfer.fsckObjects", "true"],
];

/** The command among arguments that may begin with settings. */
const wordIn = (args: readonly string[]): string =>
  args.find((arg, at) => !arg.startsWith("-") && args[at - 1] !== "-c") ?? "";

/** Of what git says, the lines that say why. */
export function lastWords(err: string): string {
  const lines = err.split("\n").filter((line) => /^(fatal|error|remote):/.test(line));
  return lines.slice(-3).join(" ").slice(0, 500) || "it failed without a word";
}
