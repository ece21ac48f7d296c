import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { sha256 } from "../../src/publish/snapshot.ts";
import type { Package } from "../../src/publish/snapshot.ts";
import { checkWhole } from "../../src/publish/whole.ts";

const entry = (name: string): Package => ({
  nevra: `${name}-1-1.noarch`,
  name,
  file: `${name}.rpm`,
  path: `pool/${name}.rpm`,
  size: 1,
  sha256: sha256(Buffer.from(name)),
  unsigned: "",
  run: "",
});

/** Metadata that lists these, each as its digest and place. */
function metadata(listed: readonly { readonly sha256: string; readonly path: string }[]) {
  const packages = listed.map(
    (one) =>
      `<package type="rpm"><description>1 &lt; 2 &amp;</description><checksum type="sha256" pkgid="YES">${one.sha256}</checksum><location href="../../${one.path}"/></package>`,
  );
  const primary = gzipSync(`<metadata packages="${listed.length}">${packages.join("")}</metadata>`);
  const data = `<data type="primary"><checksum type="sha256">${sha256(primary)}</checksum><location href="repodata/primary.xml.gz"/></data>`;
  return { "repomd.xml": Buffer.from(`<repomd>${data}</repomd>`), "primary.xml.gz": primary };
}

const check = (files: Readonly<Record<string, Uint8Array>>, packages: readonly Package[]) =>
  checkWhole(async (name) => files[name] ?? Buffer.from(""), packages);

const [a, b] = [entry("a"), entry("b")];

test.each([[[]], [[a]], [[b, a]]])("metadata that lists what it should is whole", async (listed) => {
  await expect(check(metadata(listed), listed)).resolves.toBeUndefined();
});

test.each([
  ["one too few", [a]],
  ["one too many", [a, b, entry("c")]],
  ["one twice", [a, b, b]],
  ["one with another digest", [a, { ...b, sha256: a.sha256 }]],
  ["one in another place", [a, { ...b, path: "pool/else.rpm" }]],
])("metadata that lists %s is not whole", async (_, listed) => {
  await expect(check(metadata(listed), [a, b])).rejects.toThrow("The metadata lists");
});

test("a file that is not what repomd.xml says is found", async () => {
  const files = { ...metadata([a]), "primary.xml.gz": metadata([b])["primary.xml.gz"] };
  await expect(check(files, [b])).rejects.toThrow("repodata/primary.xml.gz is not what repomd.xml says");
});

test("metadata without a list of packages is not whole", async () => {
  const files = { "repomd.xml": Buffer.from("<repomd><data type='other'></data></repomd>") };
  await expect(check(files, [])).rejects.toThrow("location");
});
