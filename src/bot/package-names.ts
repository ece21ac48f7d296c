import type { File } from "../pipelines/stage.ts";

/** Names of the packages among the results, for people to install: no sources, nothing for debuggers. */
export function packageNames(files: readonly Pick<File, "name">[]): readonly string[] {
  const names = files.flatMap(({ name }) => packageName(name) ?? []);
  return [...new Set(names)].filter((name) => !DEBUG.some((end) => name.endsWith(end)));
}

const DEBUG = ["-debuginfo", "-debugsource"];

/** `greet-devel-1.0-1.x86_64.rpm` is of `greet-devel`. */
function packageName(file: string): string | undefined {
  if (!file.endsWith(".rpm") || file.endsWith(".src.rpm")) return undefined;
  const [...parts] = file.split("-");
  return parts.length > 2 ? parts.slice(0, -2).join("-") : undefined;
}
