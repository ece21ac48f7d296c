import { fetchBytes } from "./download.ts";
import { inParallel } from "./in-parallel.ts";
import type { Asked, Desk, Fetched } from "./judge.ts";
import { keep, refresh } from "./mirror.ts";
import { nevraOf } from "./nevra.ts";
import { armored, verifyDetached } from "./openpgp.ts";
import { sbom, together } from "./sbom.ts";
import type { Ingredient } from "./sbom.ts";
import { snapshotKey } from "./snapshot.ts";
import type { Brought, Step } from "./step.ts";
import type { Package } from "./package-list.ts";
import type { Tools } from "./tools.ts";

/** What the list of a publication's packages is called, beside its snapshot. */
export const SBOM = "sbom.cdx.json";

interface Placed {
  readonly step: Step;
  readonly brought: Brought;
}

/** Writes beside each new snapshot what came with it, and its signature, and reads both back as a client. */
export async function writeSboms(
  desk: Desk,
  asked: readonly Asked[],
  placed: readonly Placed[],
): Promise<void> {
  for (const { step, brought } of placed) {
    // A snapshot that was there before has its own.
    if (brought.number === step.line.newest?.number) continue;
    const fetched = asked.find(({ target }) => target === step.target)?.fetched ?? [];
    const ingredients = await ingredientsOf(desk.tools, fetched, brought.packages);
    if (ingredients.length === 0) continue;
    await writeSbom(desk, { target: step.target, number: brought.number, ingredients });
  }
}

async function writeSbom(
  desk: Desk,
  {
    target,
    number,
    ingredients,
  }: { readonly target: string; readonly number: number; readonly ingredients: readonly Ingredient[] },
): Promise<void> {
  const { manifest, mirror } = desk;
  const { repo, channel, run, release, at } = manifest;
  const about = { repo: `${repo.owner}/${repo.name}`, channel, target, run, release: release?.number, at };
  const text = sbom({ ...about, ingredients });
  const path = snapshotKey(target, number, SBOM);
  await keep(mirror, path, text);
  await keep(mirror, `${path}.asc`, await signatureOf(desk, text));
  await readBack(desk, path);
  if (!release) return;
  // What comes late to a release comes to its list too.
  const whole = `releases/${release.number}/${target}.cdx.json`;
  const before = await mirror.get(whole);
  const grown = before ? together(before.value, text) : text;
  await refresh(mirror, whole, grown.toString());
  await refresh(mirror, `${whole}.asc`, (await signatureOf(desk, grown)).toString());
  await readBack(desk, whole);
}

const signatureOf = async ({ key, manifest }: Desk, text: Uint8Array): Promise<Buffer> =>
  Buffer.from(armored(await key.detach(text, new Date(manifest.at))));

async function readBack({ key, manifest }: Desk, path: string): Promise<void> {
  const url = `${manifest.mirror.url}/${path}`;
  const [text, signature] = await Promise.all([fetchBytes(url), fetchBytes(`${url}.asc`)]);
  await verifyDetached(key.certificate, text, Buffer.from(signature).toString());
}

/** Of each package what was asked for and fetched: its header is at hand. */
async function ingredientsOf(
  tools: Tools,
  fetched: readonly Fetched[],
  packages: readonly Package[],
): Promise<readonly Ingredient[]> {
  const locals = new Map(
    fetched.flatMap(({ header, local }) =>
      "unreadable" in header ? [] : [[nevraOf(header), { header, local }] as const],
    ),
  );
  const found = await inParallel(packages, async (entry) => {
    const there = locals.get(entry.nevra);
    if (!there) return [];
    const { header, local } = there;
    return [{ package: entry, header, ...(await originOf(tools, local)) }];
  });
  return found.flat();
}

/** Of the licence nobody says that it is one line, so it comes last. */
async function originOf(tools: Tools, file: string): Promise<Pick<Ingredient, "licence" | "sourceRpm">> {
  const format = "%|SOURCERPM?{%{SOURCERPM}}|\\n%{LICENSE}";
  const [sourceRpm = "", ...licence] = (
    await tools("rpm", ["-qp", "--nosignature", "--qf", format, file])
  ).split("\n");
  return { sourceRpm, licence: licence.join(" ").trim() };
}
