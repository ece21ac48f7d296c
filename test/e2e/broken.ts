import { greetSpec } from "../../src/cli/greet.ts";

/** Three specs, none of which can be built. */
export const brokenSpecs = async (): Promise<Readonly<Record<string, string>>> => ({
  "wanting.spec": WANTING,
  "stranger.spec": STRANGER,
  ...(await brokenFiles()),
});

/** Greet with a patch that does not compile. */
async function brokenFiles(): Promise<Readonly<Record<string, string>>> {
  const spec = await greetSpec();
  const patched = spec
    .replace(/^(Version:\s+)1\.0\.0$/m, "$11.1.0")
    .replace(/^BuildRequires: {2}gcc$/m, "Patch0:         louder.patch\nBuildRequires:  gcc")
    .replace(/^%autosetup$/m, "%autosetup -p1");
  return { "greet.spec": patched, "louder.patch": LOUDER };
}

const LOUDER = `--- a/src/main.c
+++ b/src/main.c
@@ -8,2 +8,4 @@
 #include <string.h>
+/* Greets so that everybody hears it. */
+static int louder(void) { return volume + 1; }
 #include <time.h>
`;

const small = (name: string, more: string): string => `Name: ${name}
Version: 1
Release: 1
Summary: Small
License: FSFAP
BuildArch: noarch
${more}
%description
Small.
%files
`;

const WANTING = small("wanting", "BuildRequires: gcc\nBuildRequires: unheard-of-devel >= 2.5");
const STRANGER = small("stranger", "Source0: https://downloads.stranger.example/stranger-1.tar.gz");
