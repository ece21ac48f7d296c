import { type Command, type CommandName, commands } from "./table.ts";
import { commandLines } from "./lines.ts";
import { nearest } from "../../pipelines/nearest.ts";

/** What one line of a comment says to us. */
export type Said =
  | { readonly kind: "command"; readonly line: string; readonly command: Command }
  /** Nearly a command, or one that other bots know. */
  | {
      readonly kind: "unknown";
      readonly line: string;
      readonly name: string;
      readonly nearest: CommandName;
    }
  | {
      readonly kind: "wrong";
      readonly line: string;
      readonly name: CommandName;
      readonly because: string;
    };

const COMMANDS_MAX = 20;

/** The commands of a comment in its order, at most 20; lines that are not for us say nothing. */
export function readCommands(body: string): readonly Said[] {
  return commandLines(body)
    .values()
    .map(read)
    .filter((said) => said !== undefined)
    .take(COMMANDS_MAX)
    .toArray();
}

function read(line: string): Said | undefined {
  const [first = "", ...words] = line
    .replaceAll("\t", " ")
    .split(" ")
    .filter((word) => word !== "");
  const typed = first.slice(1);
  const name = typed.toLowerCase();
  if (!isName(name)) {
    const meant = meantBy(name);
    return meant && { kind: "unknown", line, name: typed, nearest: meant };
  }
  const said = commands[name].read(words);
  return "because" in said
    ? { kind: "wrong", line, name, because: said.because }
    : { kind: "command", line, command: said };
}

const isName = (name: string): name is CommandName => Object.hasOwn(commands, name);
const NAMES = Object.keys(commands).filter(isName);

function meantBy(name: string): CommandName | undefined {
  if (name.includes("/") || FOLDERS.has(name)) return undefined;
  return ELSEWHERE.get(name) ?? nearest(name, NAMES);
}

/** What other bots call it. */
const ELSEWHERE: ReadonlyMap<string, CommandName> = new Map([
  ["retest", "retry"],
  ["retest-failed", "retry"],
  ["rebuild", "build"],
  ["rebuild-failed", "retry"],
  ["rerun", "retry"],
  ["recheck", "retry"],
  ["test", "build"],
  ["copr-build", "build"],
  ["scratch-build", "build"],
  ["ok-to-test", "ack"],
  ["abort", "cancel"],
  ["stop", "cancel"],
]);

/** Near to a command, but folders that people write of. */
const FOLDERS: ReadonlySet<string> = new Set(["etc", "bin", "usr", "var", "opt", "lib", "build-root"]);
