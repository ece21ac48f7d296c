import { expect, test } from "vitest";
import { releasePages } from "../words-page-releases.ts";

test("the check of a release says where its channel is, and where this release stays", () => {
  const page = releasePages()["A release"];
  expect(page).toContain("https://mirror.example/acme/os/nightly/os-nightly-leap.repo");
  expect(page).toContain("https://mirror.example/acme/os/nightly/releases/20261121_03/os-nightly-leap.repo");
});
