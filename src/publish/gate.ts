import { Arch } from "../pipelines/run.ts";
import type { Header } from "./header.ts";
import { fileOf, nevraOf } from "./nevra.ts";

/** A package before the gate: what the record says of it, what was read, what its header says. */
export interface Candidate {
  readonly job: string;
  /** The run that built it: one publication may bring what several built. */
  readonly run: string;
  readonly arch: Arch;
  /** The name the build gave the file; only used to speak of it. */
  readonly name: string;
  readonly expected: Content;
  readonly actual: Content;
  readonly header: Header | { readonly unreadable: string };
}

export interface Content {
  readonly size: number;
  readonly sha256: string;
}

/** A package that the channel has; `unsigned` is the digest it had before it was signed. */
export interface Present {
  readonly nevra: string;
  readonly unsigned: string;
  readonly run: string;
}

type Rule =
  | "digest"
  | "readable"
  | "unsigned"
  | "name"
  | "version"
  | "arch"
  | "whole-source"
  | "one-content"
  | "not-taken";

export interface Violation {
  readonly package: string;
  readonly rule: Rule;
  readonly because: string;
}

export interface Verdict<C extends Candidate> {
  /** What is new to the channel, each NEVRA once. */
  readonly admitted: readonly (C & { readonly nevra: string })[];
  /** NEVRAs that were asked for and are in the channel already. */
  readonly known: readonly string[];
  readonly violations: readonly Violation[];
}

/** Says which packages of one target may be signed; with any violation, none may. */
export function gate<C extends Candidate>(
  candidates: readonly C[],
  channel: { readonly present: readonly Present[] },
): Verdict<C> {
  const broken = candidates.flatMap(inspect);
  if (broken.length > 0) return { admitted: [], known: [], violations: broken };
  const present = new Map(channel.present.map((entry) => [entry.nevra, entry]));
  const verdicts = [...Map.groupBy(candidates, (candidate) => nevraOf(sound(candidate)))].map(
    ([nevra, same]) => settle({ nevra, same, present: present.get(nevra) }),
  );
  const violations = verdicts.flatMap((verdict) => verdict.violations);
  if (violations.length > 0) return { admitted: [], known: [], violations };
  return {
    admitted: verdicts.flatMap((verdict) => verdict.admitted),
    known: verdicts.flatMap((verdict) => verdict.known),
    violations,
  };
}

/** A refusal as one line for people. */
export const sentence = (violation: Violation): string =>
  `${JSON.stringify(violation.package)} is refused by the rule "${violation.rule}": ${violation.because}`;

type Finding = Omit<Violation, "package">;

/** What can be said of one package by itself; the first finding is enough. */
function inspect(candidate: Candidate): readonly Violation[] {
  const { header, arch } = candidate;
  const found = differing(candidate) ?? ("unreadable" in header ? unreadable(header) : unsound(header, arch));
  return found ? [{ package: candidate.name, ...found }] : [];
}

function differing({ expected, actual }: Candidate): Finding | undefined {
  if (actual.size === expected.size && actual.sha256 === expected.sha256) return undefined;
  const because = `the record says ${described(expected)}, the file is ${described(actual)}.`;
  return { rule: "digest", because };
}

const unreadable = (header: { readonly unreadable: string }): Finding => ({
  rule: "readable",
  because: `rpm cannot read it: ${header.unreadable}`,
});

function unsound(header: Header, arch: Arch): Finding | undefined {
  const say = (rule: Rule, because: string): Finding => ({ rule, because });
  if (header.signatures.length > 0)
    return say("unsigned", `somebody signed it before us (${header.signatures.join(", ")}).`);
  if (!NAME.test(header.name) || fileOf(header).length > LONGEST)
    return say("name", `${JSON.stringify(header.name)} is not a name for a package and its file.`);
  if (!EPOCH.test(header.epoch) || !VERSION.test(header.version) || !VERSION.test(header.release))
    return say("version", `${JSON.stringify(evr(header))} is not an epoch, version and release.`);
  if (header.arch !== arch && header.arch !== "noarch")
    return say("arch", `it is for ${JSON.stringify(header.arch)}, but its job built for ${arch}.`);
  return header.nosource ? say("whole-source", "some of its sources are left out.") : undefined;
}

/** What file systems and addresses take with ease. */
const LONGEST = 200;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+~^]{0,127}$/;
const EPOCH = /^(0|[1-9][0-9]{0,8})$/;

const evr = ({ epoch, version, release }: Header): string => `${epoch}:${version}-${release}`;
const described = ({ size, sha256 }: Content): string => `${size} bytes with sha256 ${sha256}`;

interface Claim<C extends Candidate> {
  readonly nevra: string;
  readonly same: readonly C[];
  readonly present: Present | undefined;
}

/** What becomes of all candidates of one NEVRA. */
function settle<C extends Candidate>({ nevra, same, present }: Claim<C>): Verdict<C> {
  const portable = nevra.endsWith(".noarch") || nevra.endsWith(".src");
  const byArch = same.toSorted((a, b) => rank(a) - rank(b));
  const [first] = byArch;
  if (!first) return { admitted: [], known: [], violations: [] };
  // Every arch builds the portable ones anew; the first arch speaks for all.
  const rivals = portable ? byArch.filter((candidate) => candidate.arch === first.arch) : byArch;
  const other = rivals.find((candidate) => candidate.actual.sha256 !== first.actual.sha256);
  if (other)
    return refused(other, "one-content", `${first.job} and ${other.job} bring different files as ${nevra}.`);
  if (!present) return { admitted: [{ ...first, nevra }], known: [], violations: [] };
  const content = new Set(same.map((candidate) => candidate.actual.sha256));
  if (content.has(present.unsigned) || (portable && same.some(({ run }) => run === present.run)))
    return { admitted: [], known: [nevra], violations: [] };
  return refused(first, "not-taken", `the channel has ${nevra} with other content; raise its release.`);
}

const rank = ({ arch }: Candidate): number => Arch.options.indexOf(arch);

const refused = <C extends Candidate>(candidate: C, rule: Rule, because: string): Verdict<C> => ({
  admitted: [],
  known: [],
  violations: [{ package: candidate.name, rule, because }],
});

function sound({ header }: Candidate): Header {
  if ("unreadable" in header) throw new Error(header.unreadable);
  return header;
}
