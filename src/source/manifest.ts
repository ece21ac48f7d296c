import { z } from "zod";
import { RecipeKind } from "../pipelines/run.ts";
import { infrastructure } from "./failure.ts";

const Sha = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);

/** What the control plane asks of one source stage. */
export const Manifest = z.readonly(
  z.strictObject({
    v: z.literal(1),
    job: z.string(),
    repo: z.strictObject({ url: z.string(), token: z.optional(z.string()) }),
    head: Sha,
    /** `head` is merged into it; absent for pushes, where `head` is built as it is. */
    base: z.optional(Sha),
    recipe: z.strictObject({ kind: RecipeKind, name: z.string(), path: z.string() }),
    /** Hosts that a spec may name, each with the origin that is asked. */
    hosts: z.record(z.string(), z.string()),
    /** What earlier stages of this recipe fetched, and where it is lent. */
    known: z.optional(z.array(z.strictObject({ name: z.string(), sha256: z.string(), url: z.string() }))),
    /** The services for updates are run; the recipe's texts as they speak of the version before. */
    update: z.optional(z.strictObject({ spec: z.string(), service: z.optional(z.string()) })),
    upload: z.strictObject({ url: z.string(), fields: z.record(z.string(), z.string()) }),
  }),
);
export type Manifest = z.infer<typeof Manifest>;

/** Reads the manifest behind `address`; it must be that of `job`. */
export async function fetchManifest(address: string, job: string): Promise<Manifest> {
  const response = await fetch(address, { signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw infrastructure(`The manifest cannot be read: HTTP ${response.status}.`);
  const manifest = Manifest.safeParse(await response.json());
  if (!manifest.success) throw infrastructure(`The manifest is not one: ${z.prettifyError(manifest.error)}`);
  if (manifest.data.job !== job) throw infrastructure(`The manifest is that of another job.`);
  return manifest.data;
}
