import { z } from "zod";
import type { Arch } from "./run.ts";
import { compareVersions } from "./spec/rpm-version.ts";

/** A package that is added to a build root: where it is fetched from, and its SHA-256 in hex. */
export const Added = z.readonly(
  z.strictObject({ url: z.url({ protocol: /^https?$/ }), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
);

/** A toolchain that a job is bound to, put into its build root before what the distribution has. */
export const Tool = z.readonly(
  z.strictObject({ name: z.string(), version: z.string(), packages: z.readonly(z.array(Added)) }),
);
export type Tool = z.infer<typeof Tool>;

/** What a target has of one toolchain: versions, each with its packages per arch. */
type Versions = readonly {
  readonly version: string;
  readonly packages: Readonly<Partial<Record<Arch, Tool["packages"]>>>;
}[];
/** All that a target has, by name. */
export type Toolchains = Readonly<Record<string, Versions>>;

/** What versions must hold to: `>=1.22 <2`. A bare `1.22` stands for it and for what goes on with a dot. */
export type Range = readonly { readonly is: (typeof SIGNS)[number] | "~"; readonly than: string }[];

const SIGNS = [">=", "<=", "=", ">", "<"] as const;

/** Reads a range; `undefined`: it is none. */
export function rangeOf(text: string): Range | undefined {
  const bounds: { is: Range[number]["is"]; than: string }[] = [];
  const words = text.split(/[ ,]/).filter((word) => word !== "");
  for (const word of words) {
    const is = SIGNS.find((sign) => word.startsWith(sign)) ?? "~";
    bounds.push({ is, than: is === "~" ? word : word.slice(is.length) });
  }
  const isWhole = bounds.length > 0 && bounds.every(({ than }) => isVersion(than));
  return isWhole ? bounds : undefined;
}

const isVersion = (text: string): boolean =>
  text !== "" && text.length <= 60 && Array.from(text).every((c) => VERSION.has(c));
const VERSION = new Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+~^");

const isWithin = (version: string, range: Range): boolean =>
  range.every(({ is, than }) => {
    const compared = compareVersions(version, than);
    if (is === "~") return compared === 0 || version.startsWith(`${than}.`);
    if (compared === 0) return is.endsWith("=");
    return is.startsWith(compared > 0 ? ">" : "<");
  });

/** The newest of the versions for an arch that a recipe's range lets pass. */
export function newestTool(
  toolchains: Toolchains | undefined,
  { name, range, arch }: { readonly name: string; readonly range: string; readonly arch: Arch },
): Tool | undefined {
  const bounds = rangeOf(range);
  const known = toolchains && Object.hasOwn(toolchains, name) ? toolchains[name] : undefined;
  if (!bounds || !known) return undefined;
  const [newest] = known
    .flatMap(({ version, packages }) => {
      const here = packages[arch];
      return here && isWithin(version, bounds) ? [{ name, version, packages: here }] : [];
    })
    .toSorted((a, b) => compareVersions(b.version, a.version));
  return newest;
}

/** The toolchains of a job as a part of a key: names, versions and the beginnings of digests. */
export const toolsKey = (tools: readonly Tool[] = []): string =>
  tools
    .map(({ name, version, packages }) =>
      [name, version, ...packages.map(({ sha256 }) => sha256.slice(0, 16))].join("-"),
    )
    .join("+");
