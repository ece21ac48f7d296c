import type { Excerpt } from "../../pipelines/excerpt.ts";

type Kind = NonNullable<Excerpt["kind"]>;

const WHAT: Readonly<Record<Kind, string>> = {
  spec: "rpm cannot read the spec",
  dependencies: "Something that the build needs is not there",
  sources: "The sources are not what the spec expects",
  patch: "A patch does not apply",
  configure: "The sources could not be configured",
  compiler: "The compiler stopped",
  linker: "The linker stopped",
  command: "A command failed",
  exception: "A program ended with an exception",
  files: "The files are not those that the spec lists and rpm accepts",
  tests: "Tests failed",
  image: "The image could not be made",
  memory: "The builder's memory was used up",
  disk: "The builder's disk is full",
  network: "The build asked for the network, which builds do not have",
  crash: "A program crashed",
};

/** What stopped a build, in a sentence. */
export function stopped({
  kind,
  scriptlet,
  guessed,
}: Pick<Excerpt, "kind" | "scriptlet" | "guessed">): string {
  const where = scriptlet ? ` in \`${scriptlet}\`` : "";
  if (guessed) return `The build failed${where}. No error that is known was found; the log ends like this:`;
  return kind ? `${WHAT[kind]}${where}:` : `The build failed${where}:`;
}
