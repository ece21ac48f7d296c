import { createHash } from "node:crypto";
import type { ReleaseContent } from "../../../src/publish/announce/document.ts";
import type { Manifest, Release } from "../../../src/publish/manifest.ts";
import type { Mirror } from "../../../src/publish/mirror.ts";
import { testKey } from "../kit.ts";

export const URL = "https://mirror.example/acme/os/release";

/** A mirror in memory. */
export function memoryMirror() {
  const all = new Map<string, Uint8Array>();
  const version = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
  const bytesOf = (body: Parameters<Mirror["create"]>[1]): Uint8Array => {
    if (body instanceof Uint8Array) return body;
    throw new Error("a file");
  };
  const mirror: Mirror = {
    async get(key) {
      const value = all.get(key);
      return value && { value, version: version(value) };
    },
    async create(key, body) {
      if (all.has(key)) return false;
      all.set(key, bytesOf(body));
      return true;
    },
    async replace(key, body, old) {
      const there = all.get(key);
      if (!there || version(there) !== old) return false;
      all.set(key, body);
      return true;
    },
    async put(key, body) {
      all.set(key, body);
    },
  };
  const files = () =>
    Object.fromEntries([...all].map(([key, value]) => [key, Buffer.from(value).toString()]));
  return { mirror, all, files, text: (key: string) => files()[key] ?? "" };
}

export const key = await testKey();

/** What a stage publishes of a release: sources with their versions, one package each, for one target. */
export function release(
  number: string,
  sources: Readonly<Record<string, string>>,
  changes: { readonly release?: Partial<Release>; readonly arch?: string; readonly snapshot?: number } = {},
) {
  const { arch = "x86_64", snapshot = Number(number.slice(-2)) } = changes;
  const address = `${URL}/leap-15.6`;
  const manifest: Pick<Manifest, "repo" | "channel" | "at" | "mirror"> & { readonly release: Release } = {
    repo: { id: 1, owner: "acme", name: "os" },
    channel: "release",
    at: `${number.slice(0, 4)}-${number.slice(4, 6)}-${number.slice(6, 8)}T0${number.slice(-1)}:00:00Z`,
    mirror: { bucket: "mirror", prefix: "acme/os/release", url: URL },
    release: {
      number,
      sha: "a".repeat(40),
      branch: "main",
      from: "nightly",
      supportUntil: "2027-12-31",
      asked: "promotion",
      ...changes.release,
    },
  };
  const brought: ReleaseContent = {
    targets: [
      {
        target: "leap-15.6",
        snapshot: `${address}/snapshots/${String(snapshot).padStart(6, "0")}/`,
        repo: `${URL}/os-release-leap-15.6.repo`,
        "pinned-repo": `${URL}/releases/${number}/os-release-leap-15.6.repo`,
        arches: [arch],
        packages: Object.entries(sources).map(([source, version]) => ({
          name: source,
          version,
          arch,
          source,
          location: `${address}/pool/11/${source}-${version}.${arch}.rpm`,
          sha256: "1".repeat(64),
          size: 1000,
        })),
      },
    ],
    changelogs: Object.fromEntries(
      Object.entries(sources).map(([source, version]) => [source, remarksTo(version)]),
    ),
  };
  return { manifest, brought };
}

/** One remark for each version from 1 on, the newest first. */
const remarksTo = (version: string) =>
  Array.from({ length: Number(version.slice(0, version.indexOf("."))) }, (_, n) => ({
    day: `2026-01-0${n + 1}`,
    author: "Maria Doe <maria@example.org>",
    text: `- Version ${n + 1}`,
  })).toReversed();
