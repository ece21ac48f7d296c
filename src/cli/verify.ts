import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { tools } from "../publish/tools.ts";
import { seenFile } from "../verify/seen-file.ts";
import { certificateOf } from "../verify/signed.ts";
import { tellMachines, tellPeople } from "../verify/tell.ts";
import { verify } from "../verify/verify.ts";
import type { Question, Report } from "../verify/verify.ts";

const HELP = `npm run verify -- ADDRESS [--key FILE|FINGERPRINT] [--seen FILE] [--max-age DAYS] [--all] [--json]

Looks at a mirror as a stranger, end to end: the pointer, the key, both signatures, every digest and size of the metadata,
that it agrees with the signed list of packages, and the packages; then what the channel tells of its releases, their
images with digests and signatures, and what says where packages and images come from.
ADDRESS is that of a .repo file, of a target, or of a channel (with --target, of targets that were seen before, or of
images alone).
  --key WHAT      the only key to trust: a file, or its fingerprint of 40 hex digits;
                  without it the first key is trusted as found, and with --seen no other one after it
  --seen FILE     remembers what was good (key, snapshot, revision); from then on a target must not go back
  --max-age DAYS  refuses content that was published longer ago
  --target NAME   a target of the channel at ADDRESS; may be given more than once
  --all           reads every package and image; else ten packages and an image, drawn by digest, and of the others the
                  size is asked for
  --json          tells it as one JSON object (npm run --silent verify -- … leaves npm's own lines out)
Where rpm is installed, it checks the signatures inside of the packages that are read, with this one key.
Exit codes: 0 good, 1 something is wrong, 2 it could not be looked at.
`;

process.exitCode = await main().catch((error: unknown) => {
  const words = error instanceof Error ? error.message : String(error);
  process.stderr.write(`millwright: ${words}\n`);
  return 2;
});

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      key: { type: "string" },
      seen: { type: "string" },
      "max-age": { type: "string" },
      target: { type: "string", multiple: true, default: [] },
      all: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [address, ...more] = positionals;
  if (values.help) return say(HELP);
  if (address === undefined || more.length > 0 || !/^https?:\/\/./.test(address))
    throw new Error(`name one http or https address.\n\n${HELP}`);
  const report = await look(values.seen, {
    address,
    targets: values.target,
    key: values.key === undefined ? undefined : await keyOf(values.key),
    maxAge: values["max-age"] === undefined ? undefined : daysOf(values["max-age"]),
    all: values.all,
  });
  say(values.json ? tellMachines(report) : tellPeople(report));
  return { good: 0, wrong: 1, unseen: 2 }[report.verdict];
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

async function look(seen: string | undefined, question: Question): Promise<Report> {
  const dir = await mkdtemp(join(tmpdir(), "millwright-verify-"));
  try {
    const rpm = tools({ path: process.env["PATH"] ?? "", home: dir });
    const net = { fetch, pause, patience: 30_000 };
    return await verify({ net, tools: rpm, dir, seen: seenFile(seen), now: Date.now }, question);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function keyOf(what: string): Promise<NonNullable<Question["key"]>> {
  const digits = what.replaceAll(" ", "").toUpperCase();
  if (/^[0-9A-F]{40}$/.test(digits)) return { fingerprint: digits };
  return certificateOf(what, await readFile(what, "utf8"));
}

function daysOf(text: string): number {
  const days = Number(text);
  if (!(days > 0)) throw new Error(`--max-age takes a number of days, not "${text}".`);
  return days;
}
