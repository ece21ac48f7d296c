import { describe, expect, test } from "vitest";
import { convertSpec, rpmVersion } from "../../../src/local/distribution/convert-spec.ts";
import { packagesOf } from "../../../src/local/distribution/debian-index.ts";

const STANZAS = `Package: libc6-dev
Source: glibc
Version: 2.36-9+deb12u14
Architecture: amd64
Provides: libc-dev (= 2.36), libc6-dev-any
Depends: libc6 (= 2.36-9+deb12u14), python3:any | perl (>= 5) [amd64], libnsl-dev
Pre-Depends: dpkg (>= 1.15.4) | install-info
Description: GNU C Library: 100% headers
SHA256: aa11

Package: ninja-build
Version: 1.11.1-2~deb12u1
Architecture: all
Description: small build system
SHA256: bb22
`;

test("a package is read from the index with its dependencies in Debian's notation", () => {
  expect(packagesOf(STANZAS)[0]).toEqual({
    name: "libc6-dev",
    version: "2.36-9+deb12u14",
    arch: "amd64",
    sha256: "aa11",
    summary: "GNU C Library: 100% headers",
    depends:
      "dpkg (>= 1.15.4) | install-info, libc6 (= 2.36-9+deb12u14), python3:any | perl (>= 5) [amd64], libnsl-dev",
    provides: "libc-dev (= 2.36), libc6-dev-any",
  });
});

test.for([
  ["2.36-9+deb12u14", "2.36", "9+deb12u14"],
  ["2:1.0-rc1-3", "1.0.rc1", "3"],
  ["1.5~beta1", "1.5~beta1", "1"],
] as const)("Debian's version %s is version %s and release %s of an rpm", ([debian, version, release]) => {
  expect(rpmVersion(debian)).toEqual({ version, release });
});

describe("the spec of a converted package", () => {
  const [headers = "", ninja = ""] = packagesOf(STANZAS).map(convertSpec);

  test("requires one of Debian's alternatives, and drops versions that apt has seen to", () => {
    expect(headers.match(/^Requires: .*$/gm)).toEqual([
      "Requires: (dpkg or install-info)",
      "Requires: libc6",
      "Requires: (python3 or perl)",
      "Requires: libnsl-dev",
    ]);
  });

  test("provides the names of Debian and those that specs use", () => {
    expect(headers.match(/^Provides: .*$/gm)).toEqual([
      "Provides: libc-dev",
      "Provides: libc6-dev-any",
      "Provides: glibc-devel = 2.36-9+deb12u14",
      "Provides: glibc-headers = 2.36-9+deb12u14",
    ]);
    expect(ninja).toContain("Provides: ninja = 1.11.1-2~deb12u1\n");
  });

  test("says noarch for what Debian calls all", () => {
    expect(ninja).toContain("\nBuildArch: noarch\n");
    expect(headers).not.toContain("BuildArch");
  });

  test("has no macros in Debian's words", () => {
    expect(headers).toContain("\nSummary: GNU C Library: 100%% headers\n");
  });
});
