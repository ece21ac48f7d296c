import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { parse } from "yaml";
import { z } from "zod";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const Service = z.object({
  custom: z.object({
    // What is taken out here is serverless-esbuild's own; the rest goes to esbuild as it is.
    esbuild: z.looseObject({
      outputFileExtension: z.string(),
      concurrency: z.int(),
      plugins: z.string(),
    }),
  }),
});

export interface Bundle {
  readonly code: Uint8Array;
  /** The files that went in, from the repository's root. */
  readonly modules: readonly string[];
}

/** A door's source (a path from the repository's root) as one file, bundled as serverless.yml says. */
export async function bundleAsDeployed(entry: string, banner?: string): Promise<Bundle> {
  const text = await readFile(path.join(ROOT, "serverless.yml"), "utf8");
  // CloudFormation's own tags (`!Ref`) are not looked at.
  const { custom } = Service.parse(parse(text, { logLevel: "silent" }));
  const { outputFileExtension: _extension, concurrency: _concurrency, plugins, ...options } = custom.esbuild;
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: [entry],
    absWorkingDir: ROOT,
    write: false,
    metafile: true,
    outdir: "dist",
    logLevel: "silent",
    ...(banner !== undefined && { banner: { js: banner } }),
    plugins: createRequire(import.meta.url)(path.join(ROOT, plugins)) as Plugin[],
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`esbuild made nothing of ${entry}`);
  return { code: file.contents, modules: Object.keys(metafile.inputs) };
}
