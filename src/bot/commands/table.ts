import type { Arch } from "../../pipelines/run.ts";
import { archWord } from "./arch-names.ts";
import {
  NAME_MAX,
  readChannel,
  readOfChannel,
  readPromotion,
  type OfChannel,
  type ToPromote,
  type Wrong,
} from "./release-words.ts";
import { does, wrongs } from "../words/commands.ts";

/** What a person asks for in a comment. */
export type Command =
  | { readonly name: "build"; readonly arches: readonly Arch[]; readonly recipes: readonly string[] }
  | { readonly name: "update"; readonly words: readonly string[] }
  | { readonly name: "retry"; readonly what: "failed" }
  | { readonly name: "retry"; readonly job: string }
  | { readonly name: "cancel"; readonly job?: string }
  | { readonly name: "ack"; readonly sha?: string }
  | { readonly name: "nack" }
  | { readonly name: "nightly"; readonly channel?: string }
  | ({ readonly name: "promote" } & ToPromote)
  | ({ readonly name: "rollback" } & OfChannel)
  | ({ readonly name: "pin" } & OfChannel)
  | ({ readonly name: "unpin" } & OfChannel)
  | ({ readonly name: "accept" } & OfChannel)
  | ({ readonly name: "drop" } & OfChannel)
  | { readonly name: "why"; readonly job?: string }
  | { readonly name: "eta" }
  | { readonly name: "help" };

export type CommandName = Command["name"];

/** Who may give a command: whose pull request it is (once trusted) is a contributor. */
export type Who = "anyone" | "contributor" | "committer";

/** One command: how it is typed, what help says, who may, and how its words are read. */
interface Entry<C extends Command> {
  readonly usage: string;
  readonly does: string;
  readonly who: Who;
  /** Lines as people type them; each is read without fault. */
  readonly examples: readonly [string, ...string[]];
  readonly read: (words: readonly string[]) => C | Wrong;
}

/** Every command, by name. What is missing here cannot be said, and what is here has help. */
export const commands: { readonly [N in CommandName]: Entry<Extract<Command, { name: N }>> } = {
  build: {
    usage: "/build [arch…] [recipe…]",
    does: does.build,
    who: "contributor",
    examples: ["/build", "/build arm64", "/build x86_64 aarch64 greet"],
    read: readBuild,
  },
  update: {
    usage: "/update [recipe] [version]",
    does: does.update,
    who: "committer",
    examples: ["/update", "/update greet", "/update 1.2.0", "/update greet 1.2.0"],
    read: readUpdate,
  },
  retry: {
    usage: "/retry [failed or job]",
    does: does.retry,
    who: "contributor",
    examples: ["/retry", "/retry failed", "/retry rpm:greet:opensuse-leap-15.6-x86_64"],
    read: (words) => {
      const read = readJob(words);
      if ("because" in read) return read;
      const { job } = read;
      return job === undefined || job.toLowerCase() === "failed"
        ? { name: "retry", what: "failed" }
        : { name: "retry", job };
    },
  },
  cancel: {
    usage: "/cancel [job]",
    does: does.cancel,
    who: "contributor",
    examples: ["/cancel", "/cancel rpm:greet:opensuse-leap-15.6-x86_64", "/cancel release/20261121_02"],
    read: (words) => ({ name: "cancel", ...readJob(words) }),
  },
  ack: {
    usage: "/ack [sha]",
    does: does.ack,
    who: "committer",
    examples: ["/ack", "/ack 0a1b2c3"],
    read: readAck,
  },
  nack: {
    usage: "/nack [reason…]",
    does: does.nack,
    who: "committer",
    examples: ["/nack", "/nack the license changed"],
    read: () => ({ name: "nack" }),
  },
  nightly: {
    usage: "/nightly [channel]",
    does: does.nightly,
    who: "committer",
    examples: ["/nightly", "/nightly nightly"],
    read: (words) => named("nightly", readChannel("/nightly [channel]", words)),
  },
  promote: {
    usage: "/promote <number> [channel] [--security]",
    does: does.promote,
    who: "committer",
    examples: [
      "/promote 20261121_02",
      "/promote 20261121_02 release",
      "/promote 20261121_02 release --security",
    ],
    read: (words) => named("promote", readPromotion(commands.promote.usage, words)),
  },
  rollback: ofChannel("rollback", "/rollback release 20261120_01"),
  pin: ofChannel("pin", "/pin release 20261120_01"),
  unpin: ofChannel("unpin", "/unpin release 20261120_01"),
  accept: ofChannel("accept", "/accept release 20261121_02"),
  drop: ofChannel("drop", "/drop release 20261121_02"),
  why: {
    usage: "/why [job]",
    does: does.why,
    who: "anyone",
    examples: ["/why", "/why rpm:greet:debian-12-x86_64", "/why release/20261121_02", "/why devel/greet"],
    read: (words) => ({ name: "why", ...readJob(words) }),
  },
  eta: {
    usage: "/eta",
    does: does.eta,
    who: "anyone",
    examples: ["/eta"],
    read: (words) => (words.length > 0 ? { because: wrongs.tooMany("/eta") } : { name: "eta" }),
  },
  help: {
    usage: "/help",
    does: does.help,
    who: "anyone",
    examples: ["/help"],
    read: (words) => (words.length > 0 ? { because: wrongs.tooMany("/help") } : { name: "help" }),
  },
};

/** A command of committers about one release of a channel. */
function ofChannel<N extends "rollback" | "pin" | "unpin" | "accept" | "drop">(name: N, example: string) {
  const usage = `/${name} <channel> <number>`;
  const read = (words: readonly string[]) => named(name, readOfChannel(usage, words));
  return { usage, does: does[name], who: "committer", examples: [example], read } as const;
}

const WORDS_MAX = 50;

function readBuild(words: readonly string[]): Extract<Command, { name: "build" }> | Wrong {
  if (words.length > WORDS_MAX) return { because: wrongs.tooMany(commands.build.usage) };
  if (words.some((word) => word.length > NAME_MAX)) return { because: wrongs.tooLong(NAME_MAX) };
  const arches = new Set<Arch>();
  const recipes = new Set<string>();
  for (const word of words) {
    const said = archWord(word);
    if (said.kind === "other") return { because: wrongs.otherArch(word, said.nearest) };
    if (said.kind === "arch") arches.add(said.arch);
    else recipes.add(word);
  }
  return { name: "build", arches: [...arches], recipes: [...recipes] };
}

/** Which word is a recipe's name only its repository tells. */
function readUpdate(words: readonly string[]): Extract<Command, { name: "update" }> | Wrong {
  if (words.length > 2) return { because: wrongs.tooMany(commands.update.usage) };
  if (words.some((word) => word.length > NAME_MAX)) return { because: wrongs.tooLong(NAME_MAX) };
  return { name: "update", words };
}

/** A job's name may hold blanks, since a recipe's may. */
function readJob(words: readonly string[]): { readonly job?: string } | Wrong {
  const job = words.join(" ");
  if (job.length > NAME_MAX) return { because: wrongs.tooLong(NAME_MAX) };
  return job === "" ? {} : { job };
}

function readAck(words: readonly string[]): Extract<Command, { name: "ack" }> | Wrong {
  const [sha, ...rest] = words;
  if (rest.length > 0) return { because: wrongs.tooMany(commands.ack.usage) };
  if (sha === undefined) return { name: "ack" };
  return isSha(sha) ? { name: "ack", sha } : { because: wrongs.noSha(sha.slice(0, 60)) };
}

/** What was read, as the command of this name. */
const named = <N extends CommandName, T extends object>(
  name: N,
  read: T | Wrong,
): ({ readonly name: N } & T) | Wrong => ("because" in read ? read : { name, ...read });

const isSha = (word: string): boolean =>
  word.length >= 7 && word.length <= 40 && Array.from(word).every((c) => "0123456789abcdef".includes(c));
