import type { Own } from "./merge-chapter.ts";
import { packaging } from "./town.ts";

export const greetSpec = (): Promise<string> => packaging("greet.spec");

/** The story of greet: its packaging moves from 1.0.0 to 1.1.0. */
export async function greetOwn(): Promise<Own> {
  const updated = (await greetSpec()).replace(/^(Version:\s+)1\.0\.0$/m, "$11.1.0");
  return {
    change: { branch: "greet-1.1.0", title: "greet: update to 1.1.0", files: { "greet.spec": updated } },
    packages: ["greet", "greet-devel"],
    command: ["/usr/bin/greet"],
  };
}
