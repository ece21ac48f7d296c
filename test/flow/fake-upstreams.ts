import { createHash } from "node:crypto";
import type { Upstream } from "../../src/pipelines/service/upstream.ts";
import { expression } from "../../src/platform/upstream/expression.ts";
import type { Upstreams } from "../../src/ports.ts";

/** Upstreams in memory: tags by what they are called, and addresses that are missing. */
export function fakeUpstreams() {
  const tags = new Map<string, readonly string[]>();
  const large = new Set<string>();
  const missing = new Set<string>();
  const asked: string[] = [];
  const reached: string[] = [];
  const nameOf = (upstream: Upstream): string =>
    upstream.kind === "github"
      ? upstream.repo
      : upstream.kind === "git"
        ? upstream.url
        : `#${upstream.project}`;
  const ports: Upstreams = {
    expression,
    async releases(_at, upstream, etag) {
      const name = nameOf(upstream);
      asked.push(name);
      const there = tags.get(name);
      if (!there) throw new Error(`${name} is away`);
      const now = there.join(",");
      return etag === now ? "unchanged" : { tags: there.map((one) => ({ name: one })), etag: now };
    },
    async digests(address) {
      const hash = (algorithm: string) => createHash(algorithm).update(address).digest("hex");
      return large.has(address) ? "it is too large" : { sha256: hash("sha256"), sha512: hash("sha512") };
    },
    async reach(address) {
      reached.push(address);
      return missing.has(address) ? "HTTP 404" : undefined;
    },
  };
  return { tags, missing, large, asked, reached, ports };
}
