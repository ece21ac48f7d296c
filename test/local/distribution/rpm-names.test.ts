import { expect, test } from "vitest";
import { missingBuildRequires } from "../../../src/local/distribution/rpm-names.ts";

test("BuildRequires become Debian packages, each named once", () => {
  const names = ["gcc-c++", "zlib-devel", "pkgconfig(zlib) >= 1.2", "make >= 3.80", "pkgconfig(libssl)"];
  expect(missingBuildRequires(names)).toEqual({
    debian: ["g++", "libssl-dev", "make", "zlib1g-dev"],
    refused: [],
  });
});

test("what no Debian package is known for is refused in the words of the spec", () => {
  const names = ["gcc", "systemd-rpm-macros", "pkgconfig(unheard-of)", "constructor", "perl(Foo::Bar) >= 2"];
  expect(missingBuildRequires(names)).toEqual({
    debian: ["gcc"],
    refused: ["systemd-rpm-macros", "pkgconfig(unheard-of)", "constructor", "perl(Foo::Bar) >= 2"],
  });
});
