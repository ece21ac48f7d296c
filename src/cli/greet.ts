import type { Chapter } from "./story.ts";
import { greetSpec, type Proposal } from "./town.ts";

/** The story of greet: its packaging moves from 1.0.0 to 1.1.0. */
export async function greetChapter(): Promise<Chapter> {
  const spec = await greetSpec();
  const updated = spec.replace(/^(Version:\s+)1\.0\.0$/m, "$11.1.0");
  return {
    proposal: { branch: "greet-1.1.0", title: "greet: update to 1.1.0", files: { "greet.spec": updated } },
    packages: ["greet", "greet-devel"],
    command: ["/usr/bin/greet"],
  };
}

/** A patch that does not compile. */
export async function brokenProposal(): Promise<Proposal> {
  const spec = await greetSpec();
  const patched = spec
    .replace(/^(Version:\s+)1\.0\.0$/m, "$11.1.0")
    .replace(/^BuildRequires: {2}gcc$/m, "Patch0:         louder.patch\nBuildRequires:  gcc")
    .replace(/^%autosetup$/m, "%autosetup -p1");
  return {
    branch: "louder",
    title: "greet: greet louder",
    files: { "greet.spec": patched, "louder.patch": LOUDER },
  };
}

const LOUDER = `--- a/src/main.c
+++ b/src/main.c
@@ -8,2 +8,4 @@
 #include <string.h>
+/* Greets so that everybody hears it. */
+static int louder(void) { return volume + 1; }
 #include <time.h>
`;
