import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { StartBuildCommand, StopBuildCommand } from "@aws-sdk/client-codebuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cages } from "../../../src/local/codebuild/limits.ts";
import type { Root } from "../../../src/local/codebuild/root.ts";
import {
  because,
  answering,
  cannotBuild,
  commands,
  type Machine,
  OFFLINE,
  printed,
  processesWith,
  ROOMY,
  startMachine,
  until,
} from "./machine.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "sandbox-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const cannotLimit = (() => {
  const cage = cages({ dir: scratch, limits: ROOMY, log: () => undefined }).make("probe");
  void cage?.remove();
  return cage ? undefined : "this user may not make control groups";
})();

/** A root with nothing in it but a shell, the tools of these tests and their libraries. */
function smallRoot(): Root {
  const root = path.join(scratch, "root");
  const tools = ["sh", "cat", "ls", "uname"].map((tool) => `/usr/bin/${tool}`);
  const libraries = execFileSync("ldd", tools, { encoding: "utf8" }).matchAll(/(\/\S+\.so\S*) \(/g);
  for (const file of new Set([...tools, ...[...libraries].map(([, file]) => file ?? "")])) {
    const place = path.join(root, file.startsWith("/usr/") ? file : `/usr${file}`);
    mkdirSync(path.dirname(place), { recursive: true });
    copyFileSync(file, place);
  }
  for (const name of ["bin", "lib", "lib64"]) symlinkSync(`usr/${name}`, path.join(root, name));
  writeFileSync(path.join(root, "whose"), "its own\n");
  return { kind: "directory", path: root };
}

describe.skipIf(cannotBuild !== undefined)(`the sandbox of a build${because(cannotBuild)}`, () => {
  let machine: Machine;
  let count = 0;
  let roots: (image: string) => Promise<Root | undefined>;
  beforeAll(async () => {
    const small = smallRoot();
    roots = async (image) => (image === "small" ? small : { kind: "host" });
    machine = await startMachine({ roots });
  });
  afterAll(() => machine.close());

  async function run(list: readonly string[], settings: { image?: string; offline?: boolean } = {}) {
    const name = `sandbox-${(count += 1)}`;
    await machine.project(name, commands(...list), settings.offline ? OFFLINE : {});
    const build = await machine.build(name, settings.image ? { imageOverride: settings.image } : {});
    return { status: build.buildStatus, text: printed(await machine.log(build)) };
  }

  test("a build in a VPC reaches S3 at the address it has outside, and nothing else", async () => {
    const other = await answering("from elsewhere");
    const ask = (port: number): string => `curl -s -m 5 http://127.0.0.1:${port}/ || echo "status $?"`;
    const { text } = await run(
      [ask(machine.s3Port), "echo", ask(other.port), "ls /sys/class/net /proc/net/dev 2>&1"],
      {
        offline: true,
      },
    );
    other.server.close();
    expect(text).toContain("from s3");
    expect(text).toContain("status 7");
    expect(text).not.toContain("from elsewhere");
  });

  test("large transfers through the way to S3 arrive whole", async () => {
    const body = "x".repeat(5_000_000);
    const large = await answering(body);
    const own = await startMachine({ s3: { port: large.port } });
    await own.project("large", commands(`curl -s http://127.0.0.1:${large.port}/ | wc -c`), OFFLINE);
    const log = await own.log(await own.build("large"));
    await own.close();
    large.server.close();
    expect(printed(log)).toBe("5000000");
  });

  test("a build outside a VPC has the network of the host", async () => {
    const other = await answering("from elsewhere");
    const { text } = await run([`curl -s http://127.0.0.1:${other.port}/`]);
    other.server.close();
    expect(text).toBe("from elsewhere");
  });

  test("nothing of the host's home, state or working tree is there", async () => {
    const places = [homedir(), process.cwd(), machine.dir, scratch].filter((place) => place !== "/root");
    const { text } = await run([
      ...places.map((place) => `ls ${place} >/dev/null 2>&1 && echo "sees ${place}"; true`),
      "ls -A /root",
      "ls /",
    ]);
    expect(text).not.toContain("sees");
    expect(text.split("\n")).toEqual(
      expect.not.arrayContaining([
        ".npm",
        ".ssh",
        "home",
        "work",
        "srv",
        "opt",
        "boot",
        "sys",
        "media",
        "mnt",
      ]),
    );
  });

  test("it may write its own directory and the temporary ones, and nothing else", async () => {
    const tries = [
      ".",
      "/tmp",
      "/var/tmp",
      "/root",
      "/run",
      "/usr",
      "/etc",
      "/",
      "/codebuild/readonly",
      "/var",
    ];
    const { text } = await run(tries.map((place) => `touch ${place}/x 2>/dev/null && echo ${place}; true`));
    expect(text.split("\n")).toEqual([".", "/tmp", "/var/tmp", "/root", "/run"]);
  });

  test("no two builds share a temporary file or a directory", async () => {
    await run(["echo mine > /tmp/shared; echo mine > left"]);
    expect((await run(["cat /tmp/shared left 2>/dev/null; true"])).text).toBe("");
  });

  test("it is root without powers, sees no process of the host, and can make no namespace", async () => {
    const { text } = await run([
      "id -u",
      "grep CapEff /proc/self/status",
      "ls -d /proc/[0-9]* | wc -l",
      "unshare --user true 2>/dev/null && echo made; true",
    ]);
    const [uid, powers, processes, more] = text.split("\n");
    expect([uid, powers, more]).toEqual(["0", "CapEff:\t0000000000000000", undefined]);
    expect(Number(processes)).toBeLessThan(12);
  });

  test("node is at hand on the standard image", async () => {
    expect((await run(["node --version"])).text).toBe(process.version);
  });

  test("a root is what a build sees, and what it changes there no other does", async () => {
    const { text } = await run(["cat /whose", "ls -d /etc /usr/bin/gcc 2>&1", "echo no > /whose"], {
      image: "small",
    });
    expect(text).toContain("its own");
    expect(text).toContain("No such file");
    expect((await run(["cat /whose"], { image: "small" })).text).toContain("its own");
  });

  test("a build that is stopped leaves no process behind", async () => {
    const word = `86400.${process.pid}`;
    const name = `sandbox-${(count += 1)}`;
    await machine.project(name, commands(`(setsid sleep ${word} &) ; sleep ${word}`), OFFLINE);
    const { build } = await machine.codebuild.send(new StartBuildCommand({ projectName: name }));
    await until(machine.codebuild, build!.id!, "BUILD");
    await expect.poll(() => processesWith(word)).toHaveLength(2);
    const stopped = await machine.codebuild.send(new StopBuildCommand({ id: build!.id! }));
    expect(stopped.build).toMatchObject({
      buildStatus: "STOPPED",
      currentPhase: "COMPLETED",
      buildComplete: true,
    });
    expect(await processesWith(word)).toEqual([]);
    await expect
      .poll(() => processesWith(`TCP-LISTEN:${machine.s3Port},bind=127.0.0.1,fork,reuseaddr,max-children=64`))
      .toEqual([]);
  });

  test("a build that starts a daemon ends all the same, and the daemon with it", async () => {
    const word = `86401.${process.pid}`;
    const { status } = await run([`setsid sleep ${word} >/dev/null 2>&1 & echo started`]);
    expect(status).toBe("SUCCEEDED");
    expect(await processesWith(word)).toEqual([]);
  });

  test("the log keeps output apart from orders, whatever a build prints", async () => {
    const { text, status } = await run([
      "printf 'a\\0b\\n'; head -c 300000 /dev/zero | tr '\\0' x; echo; echo end >/dev/stdout",
    ]);
    expect(status).toBe("SUCCEEDED");
    expect(text.startsWith("a\0b")).toBe(true);
    expect(text.endsWith("x\nend")).toBe(true);
    expect(text.replaceAll("\n", "")).toHaveLength("a\0b".length + 300_000 + "end".length);
  });

  describe.skipIf(cannotLimit !== undefined)(`its limits${because(cannotLimit)}`, () => {
    test("a build that takes too much memory is killed, and the machine stays well", async () => {
      const tight = await startMachine({ limits: { ...ROOMY, memoryBytes: 96 * 1024 ** 2 } });
      await tight.project("greedy", commands("node -e 'Buffer.alloc(300e6, 1)'", "echo never"));
      const build = await tight.build("greedy");
      const log = await tight.log(build);
      await tight.close();
      expect(build.buildStatus).toBe("FAILED");
      expect(log).toContain("exit status 137");
      expect(printed(log)).not.toContain("never");
    });

    test("a build cannot have more processes than it may", async () => {
      const tight = await startMachine({ limits: { ...ROOMY, pids: 20 } });
      await tight.project("many", commands("for i in $(seq 60); do sleep 20 & done; echo all"));
      const build = await tight.build("many");
      const log = await tight.log(build);
      await tight.close();
      expect(build.buildStatus).toBe("FAILED");
      expect(log).toMatch(/fork/);
    });

    test("nothing is left of the control groups", async () => {
      const groups = (): string =>
        execFileSync("sh", ["-c", "find /sys/fs/cgroup -type d -name 'millwright-*' 2>/dev/null || true"], {
          encoding: "utf8",
        });
      const name = `sandbox-${(count += 1)}`;
      await machine.project(name, commands("sleep 60"));
      const { build } = await machine.codebuild.send(new StartBuildCommand({ projectName: name }));
      await until(machine.codebuild, build!.id!, "BUILD");
      expect(groups()).toContain(build!.logs!.streamName);
      await machine.codebuild.send(new StopBuildCommand({ id: build!.id! }));
      expect(groups()).not.toContain(build!.logs!.streamName);
    });
  });
});
