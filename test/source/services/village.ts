import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publicLookup, type Resolve } from "../../../src/source/addresses.ts";
import { serve, type Table } from "../../../src/source/serve.ts";
import { type Known, openShelf } from "../../../src/source/shelf.ts";
import { serveFiles } from "../bucket.ts";
import { type Files, listen, makeRepository, serveGit } from "../git-server.ts";

export const SPEC = `Name:           hello
Version:        0
Release:        1
Source0:        %{name}-%{version}.tar.xz
`;

const UPSTREAM: Files = {
  "README.md": "hello\n",
  ".gitignore": "*.o\n",
  "src/main.c": "int main(void) { return 0; }\n",
  "src/run.sh": { mode: "100755", text: "#!/bin/sh\n" },
  "docs/guide.md": "Run it.\n",
  "dist/hello.conf": "greeting = hello\n",
  link: { mode: "120000", text: "src/main.c" },
  out: { mode: "120000", text: "/etc" },
};

/** Names that do not exist for anybody but these. `inside.example` is in a private network. */
const resolve: Resolve = (host, done) => {
  const address = { "inside.example": "10.1.2.3", "meta.example": "169.254.169.254" }[host] ?? "127.0.0.1";
  done(null, [{ address, family: 4 }]);
};

type Given = Readonly<Record<string, string | Buffer>>;

interface Options {
  readonly known?: readonly Known[];
  readonly update?: Table["update"];
}

/** Upstreams, a web server, a canary that nobody may reach, and a place where services run. */
export async function openVillage() {
  const root = await mkdtemp(join(tmpdir(), "services-test-"));
  const git = await serveGit(root);
  const web = await serveFiles();
  const canary = await serveCanary();
  const shas = makeUpstreams(root);
  const hosts: Record<string, string> = {
    "git.example": git.origin,
    "files.example": web.origin,
    // What an operator allowed, and what leads elsewhere than they thought.
    "inside.example": canary.origin.replace("127.0.0.1", "inside.example"),
    "meta.example": canary.origin.replace("127.0.0.1", "meta.example"),
    "loop.example": canary.origin.replace("127.0.0.1", "loop.example"),
  };
  const run = async (service: string | Buffer, files: Given = {}, { known = [], update }: Options = {}) => {
    const dir = await mkdtemp(join(root, "stage-"));
    await Promise.all(["SPECS", "SOURCES"].map((name) => mkdir(join(dir, name))));
    const { "hello.spec": spec = SPEC, ...sources } = files;
    await writeFile(join(dir, "SPECS/hello.spec"), spec);
    for (const [name, content] of Object.entries({ ...sources, _service: service }))
      await writeFile(join(dir, "SOURCES", name), content);
    const lines: string[] = [];
    const limits = { bytes: 8 * 1024 ** 2, idleMilliseconds: 5000, totalMilliseconds: 20_000 };
    const net = { hosts, lookup: publicLookup(resolve), pause: async () => undefined, limits };
    const entry = { name: "hello.spec", kind: "file", oid: "" } as const;
    const place = { directory: "hello", entries: [], spec: entry };
    const say = (line: string) => void lines.push(line);
    const shelf = openShelf(dir, known, say);
    const outputs = await serve(place, { dir, net, shelf, listed: [], say, update });
    const made = (await readdir(join(dir, "SOURCES"))).filter(
      (name) => !(name in sources) && name !== "_service",
    );
    return {
      dir,
      lines,
      outputs,
      kept: shelf.kept(),
      made: made.toSorted(),
      spec: await readFile(join(dir, "SPECS/hello.spec"), "utf8"),
      read: (name: string) => readFile(join(dir, "SOURCES", name)),
    };
  };
  const close = async () => {
    await Promise.all([git.close(), web.close(), canary.close()]);
    await rm(root, { recursive: true, force: true });
  };
  return { root, git, web, canary, run, close, shas };
}

export type Village = Awaited<ReturnType<typeof openVillage>>;

async function serveCanary() {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? "");
    response.end("caught");
  });
  server.on("connection", () => hits.push("connection"));
  return { ...(await listen(server)), hits };
}

/** `hello` with the tags v1.0 and v1.2.3 and a commit behind them; `lib`, which `nested` has as a submodule. */
function makeUpstreams(root: string) {
  const hello = makeRepository(root, "hello.git");
  const first = hello.commit({ ...UPSTREAM, "README.md": "first\n" });
  hello.git(["tag", "v1.0", first]);
  const second = hello.commit(UPSTREAM, [first]);
  hello.git(["tag", "-a", "-m", "two", "v1.2.3", second]);
  const third = hello.commit({ ...UPSTREAM, "README.md": "third\n" }, [second]);
  hello.git(["branch", "devel", second]);
  const lib = makeRepository(root, "lib.git");
  const libCommit = lib.commit({ "lib.h": "#define LIB\n" });
  const modules = (url: string) => `[submodule "lib"]\n\tpath = ext/lib\n\turl = ${url}\n`;
  const nested = makeRepository(root, "nested.git");
  const link = { mode: "160000", oid: libCommit };
  nested.commit({ "a.c": "a\n", ".gitmodules": modules("../lib.git"), "ext/lib": link });
  nested.commit({ ".gitmodules": modules("ext::sh -c id"), "ext/lib": link }, [], "refs/heads/evil");
  nested.commit(
    { ".gitmodules": modules("https://inside.example/lib"), "ext/lib": link },
    [],
    "refs/heads/inside",
  );
  return { first, second, third, lib: libCommit };
}
