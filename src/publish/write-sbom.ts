import { fetchBytes } from "./download.ts";
import { inParallel } from "./in-parallel.ts";
import type { Desk, Fetched } from "./judge.ts";
import { refresh } from "./mirror.ts";
import { nevraOf } from "./nevra.ts";
import { armored, verifyDetached } from "./openpgp.ts";
import type { Package } from "./package-list.ts";
import { sbom, together } from "./sbom.ts";
import type { Ingredient } from "./sbom.ts";
import { SBOM, snapshotKey } from "./snapshot.ts";
import type { Tools } from "./tools.ts";

interface Delivered {
  readonly target: string;
  readonly fetched: readonly Fetched[];
  readonly packages: readonly Package[];
}

/** The list of what a publication brings to a target. */
export async function sbomOf(
  { manifest, tools }: Desk,
  { target, fetched, packages }: Delivered,
): Promise<Buffer> {
  const { repo, channel, run, release, at } = manifest;
  const ingredients = await ingredientsOf(tools, fetched, packages);
  const about = { repo: `${repo.owner}/${repo.name}`, channel, target, run, release: release?.number, at };
  return sbom({ ...about, ingredients });
}

interface Placed {
  readonly step: { readonly target: string };
  readonly brought: { readonly number: number };
}

/** Writes a release's lists where its address is, one for each target; what comes late to it comes to its list too. */
export async function writeReleaseSboms(desk: Desk, placed: readonly Placed[]): Promise<void> {
  const { mirror, manifest } = desk;
  if (!manifest.release) return;
  const firsts = new Map(placed.toReversed().map(({ step, brought }) => [step.target, brought.number]));
  for (const [target, number] of firsts) {
    const list = await mirror.get(snapshotKey(target, number, SBOM));
    if (!list) continue;
    const path = `releases/${manifest.release.number}/${target}.cdx.json`;
    const before = await mirror.get(path);
    const text = before ? together(before.value, list.value) : Buffer.from(list.value);
    await refresh(mirror, path, text.toString());
    await refresh(mirror, `${path}.asc`, armored(await desk.key.detach(text, new Date(manifest.at))));
    await readBack(desk, path);
  }
}

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
