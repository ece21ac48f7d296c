import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeRecord } from "../../src/flow/change-record.ts";
import { graphsFor, type GraphPorts } from "../../src/flow/graphs.ts";
import type { Made } from "../../src/pipelines/graph/made.ts";
import { type Graph, graphsPrefix, partOf, withNews } from "../../src/pipelines/graph/record.ts";

export interface OpenGraphs extends GraphPorts {
  close(): Promise<void>;
}

const repo = (id: number): Graph["repo"] => ({
  id,
  node: "R_1",
  owner: "acme",
  name: "os",
  installation: 2,
  private: false,
});

const made = (name: string): Made => ({
  kind: "rpm",
  name,
  from: `r#build/${name}#1`,
  at: "2026-11-21T10:00:00.000Z",
  list: "1".repeat(64),
  provides: [`pkgconfig(${name})`, "libgreet.so.1()(64bit)"],
  requires: ["/usr/bin/ö +~"],
  builds: [],
  output: "2".repeat(64),
});

/** What whoever keeps and asks for graphs relies on, wherever they are. */
export function graphsContract(where: string, open: () => Promise<OpenGraphs>): void {
  describe(`graphs ${where}`, () => {
    let ports: OpenGraphs;
    beforeAll(async () => {
      ports = await open();
    });
    afterAll(() => ports.close());

    const build = { target: "debian-12", arch: "x86_64" } as const;
    const keyOf = (id: number, channel: string, path: string): string =>
      graphsPrefix(build, { repo: id, channel }) + partOf(path);
    const keep = (id: number, channel: string, path: string) =>
      changeRecord(ports.graphs, keyOf(id, channel, path), (was) =>
        withNews(
          was,
          { repo: repo(id), channel },
          {
            run: "r",
            at: "2026-11-21T10:00:00.000Z",
            published: "2026-11-21T10:00:00.000Z",
            isFollowed: true,
            brought: { [path]: { made: made(path) } },
            isGone: () => false,
          },
        ),
      );

    test("what was kept is read as it was, whatever the recipe is called", async () => {
      await keep(1, "devel", "odd/ä #+?.spec");
      const [graph] = await graphsFor(ports, build, { own: 1, channel: "devel" });
      expect(graph?.recipes).toEqual({ "odd/ä #+?.spec": made("odd/ä #+?.spec") });
    });

    test("builds that are published at once are all kept", async () => {
      const paths = Array.from({ length: 12 }, (_, i) => `p${i}.spec`);
      await Promise.all([...paths, ...paths].map((path) => keep(2, "devel", path)));
      const graphs = await graphsFor(ports, build, { own: 2, channel: "devel" });
      expect(graphs.flatMap(({ recipes }) => Object.keys(recipes)).toSorted()).toEqual(paths.toSorted());
    });

    test("who read an older one does not write over a newer one", async () => {
      await keep(3, "devel", "greet.spec");
      const key = keyOf(3, "devel", "greet.spec");
      const read = await ports.graphs.read(key);
      if (!read) throw new Error("nothing was kept");
      expect(await ports.graphs.replace(key, { ...read.value, recipes: {} }, read.version)).toBe(true);
      expect(await ports.graphs.replace(key, read.value, read.version)).toBe(false);
      expect(await ports.graphs.create(key, read.value)).toBe(false);
    });

    test("a channel's are its own, and all repositories' are found, the asking one's first", async () => {
      await keep(40, "devel", "greet.spec");
      await keep(4, "devel", "greet.spec");
      await keep(4, "stable", "hello.spec");
      const own = await graphsFor(ports, build, { own: 4, channel: "devel" });
      expect(own.map(({ channel, recipes }) => [channel, Object.keys(recipes)])).toEqual([
        ["devel", ["greet.spec"]],
      ]);
      const all = (await graphsFor(ports, build, { own: 4 })).map((graph) => graph.repo.id);
      expect(all.slice(0, 2)).toEqual([4, 4]);
      expect(all).toContain(40);
      expect(await graphsFor(ports, { ...build, arch: "aarch64" }, { own: 4 })).toEqual([]);
    });
  });
}
