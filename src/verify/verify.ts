import { isThere } from "./announced.ts";
import { lookAtChannel } from "./channel.ts";
import type { Told } from "./channel.ts";
import { openNotes } from "./finding.ts";
import type { Finding, Notes } from "./finding.ts";
import { whole } from "./net.ts";
import type { Bench } from "./packages.ts";
import { placeOf, pointerUrl, targetAt } from "./pointer.ts";
import type { Target } from "./pointer.ts";
import { readRepoFile } from "./repo-file.ts";
import type { SeenStore } from "./seen.ts";
import { lookAtTarget } from "./target.ts";
import type { Found, Terms } from "./target.ts";
import { trusted } from "./trusted.ts";
import { noPointer } from "./words.ts";

/** All that a look needs of the world. */
export interface Ports extends Bench {
  readonly seen: SeenStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What to look at: the address of a `.repo` file, of a target, or of a channel with its targets' names. */
export type Question = Pick<Terms, "key" | "maxAge" | "all"> & {
  readonly address: string;
  readonly targets?: readonly string[];
};

export type Verdict = "good" | "wrong" | "unseen";

export interface Report {
  readonly address: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly verdict: Verdict;
  readonly targets: readonly (Found & { readonly target: string })[];
  /** What is told beside them, of each channel or release that was looked at. */
  readonly told: readonly Told[];
  readonly findings: readonly Finding[];
}

type Looked = Found & { readonly target: string };

/** Looks at a mirror as a stranger, end to end. What is good is remembered; the next look must not find less. */
export async function verify(ports: Ports, question: Question): Promise<Report> {
  const notes = openNotes();
  const now = ports.now();
  const targets = (await notes.guard(() => targetsOf(ports, question, notes))) ?? [];
  const found: Looked[] = [];
  for (const target of targets) {
    const one = await lookAt(ports, { question, target, now }, notes);
    if (one) found.push(one);
  }
  return {
    address: question.address,
    at: new Date(now).toISOString(),
    targets: found,
    told: await lookAround(ports, question, { found, notes }),
    verdict: verdictOf(notes.findings),
    findings: notes.findings,
  };
}

interface Look {
  readonly question: Question;
  readonly target: Target;
  readonly now: number;
}

async function lookAt(
  ports: Ports,
  { question, target, now }: Look,
  notes: Notes,
): Promise<Looked | undefined> {
  const mine = openNotes();
  const seen = await ports.seen.get(target.home);
  const found = await lookAtTarget(ports, { target, terms: { ...question, seen, now } }, mine);
  for (const finding of mine.findings) notes.add(finding);
  if (!found) return undefined;
  if (verdictOf(mine.findings) === "good") await ports.seen.put(target.home, remembered(found, now));
  return { ...found, target: target.home };
}

/** What channels and releases tell beside the targets that were found there; of images alone, the channel at the address. */
async function lookAround(
  { net }: Ports,
  { address, key, all }: Question,
  { found, notes }: { readonly found: readonly Looked[]; readonly notes: Notes },
): Promise<readonly Told[]> {
  const told: (Told | undefined)[] = [];
  const places = Map.groupBy(found, ({ target }) => {
    const { url, release = "" } = placeOf(target);
    return `${url} ${release}`;
  });
  for (const targets of places.values()) {
    const [first] = targets;
    if (!first) continue;
    const { url, release } = placeOf(first.target);
    const { certificate } = first;
    told.push(await lookAtChannel(net, { url, release, certificate, all, targets }, notes));
  }
  const url = trimmed(address);
  const isPlace = found.length === 0 && notes.findings.length === 0;
  if (!isPlace || !(await notes.guard(() => isThere(net, `${url}/releases.json`))))
    return told.flatMap((one) => one ?? []);
  const before = { key, seen: undefined };
  const { keyUrl } = targetAt(`${url}/any`);
  const certificate = await notes.guard(() => trusted(net, keyUrl, { before, notes }));
  const asked = certificate && { url, release: undefined, certificate, all, targets: [] };
  return [asked && (await lookAtChannel(net, asked, notes))].flatMap((one) => one ?? []);
}

const remembered = ({ fingerprint, keys, number, revision, record }: Found, now: number) => ({
  fingerprint,
  ...(keys.length > 1 && { keys }),
  number,
  revision,
  record,
  at: new Date(now).toISOString(),
});

/** One thing that is wrong outweighs what could not be seen. */
function verdictOf(findings: readonly Finding[]): Verdict {
  const has = (kind: Finding["kind"]): boolean => findings.some((one) => one.kind === kind);
  if (has("wrong")) return "wrong";
  return has("unseen") ? "unseen" : "good";
}

async function targetsOf(ports: Ports, question: Question, notes: Notes): Promise<readonly Target[]> {
  const address = trimmed(question.address);
  if (address.endsWith(".repo")) return [await readRepoFile(ports.net, address, notes)];
  const named = question.targets ?? [];
  if (named.length > 0) return named.map((name) => targetAt(`${address}/${name}`));
  const known = await ports.seen.targets();
  if (known.includes(address)) return [targetAt(address)];
  const below = known.filter((url) => url.startsWith(`${address}/`));
  if (below.length > 0) return below.map(targetAt);
  const look = openNotes();
  await look.guard(() => whole(ports.net, pointerUrl(address), 4096));
  const [finding] = look.findings;
  if (!finding) return [targetAt(address)];
  // A channel of images has no target.
  const isTold = () => isThere(ports.net, `${address}/releases.json`);
  if (finding.rule === "missing" && (await notes.guard(isTold))) return [];
  notes.add(finding.rule === "missing" ? noPointer(address) : finding);
  return [];
}

const trimmed = (address: string): string => {
  const plain = address.endsWith("/mirrorlist") ? address.slice(0, -"/mirrorlist".length) : address;
  return plain.endsWith("/") ? trimmed(plain.slice(0, -1)) : plain;
};
