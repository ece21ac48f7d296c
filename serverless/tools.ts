import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A stage's own program in one file, named by what it is. */
export interface Tool {
  readonly key: string;
  readonly sha256: string;
  readonly body: Uint8Array;
}

const ENTRIES = {
  source: "src/source/main.ts",
  publish: "src/publish/main.ts",
  commit: "src/publish/ostree/commit-main.ts",
} as const;

const made = new Map<string, Promise<Tool>>();

/** The tool of a kind of stage, if it has one. Equal sources give equal bytes. */
export async function toolOf(kind: string): Promise<Tool | undefined> {
  const entry = Object.entries(ENTRIES).find(([name]) => name === kind)?.[1];
  if (entry === undefined) return undefined;
  const tool = made.get(entry) ?? bundle(entry);
  made.set(entry, tool);
  return tool;
}

export const allTools = (): Promise<readonly Tool[]> => Promise.all(Object.values(ENTRIES).map(bundle));

async function bundle(entry: string): Promise<Tool> {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    // CycloneDX's library asks for it where lists are written as XML; ours are not.
    external: ["xmlbuilder2"],
    // Also drops the comments that name where a module was found: the same sources are the same bytes anywhere.
    minify: true,
    lineLimit: 200,
    legalComments: "none",
    banner: { js: REQUIRE },
    logLevel: "error",
  });
  const body = outputFiles[0]?.contents ?? new Uint8Array();
  const sha256 = createHash("sha256").update(body).digest("hex");
  return { key: `tools/${sha256}.mjs`, sha256, body };
}

/** Packages that are still CommonJS ask for `require`, which a module does not have. */
export const REQUIRE =
  "import{createRequire as millwrightRequire}from'node:module';const require=millwrightRequire(import.meta.url);";
