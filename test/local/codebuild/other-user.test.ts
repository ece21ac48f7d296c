import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CreateProjectCommand, StartBuildCommand } from "@aws-sdk/client-codebuild";
import { expect, test } from "vitest";
import {
  answering,
  because,
  cannotBuild,
  clientsOf,
  commands,
  logOf,
  OFFLINE,
  over,
  printed,
  projectOf,
} from "./machine.ts";

const SERVE = fileURLToPath(new URL("./serve.ts", import.meta.url));
const NOBODY = 65534;
const AS_NOBODY = ["--reuid", String(NOBODY), "--regid", String(NOBODY), "--clear-groups", process.execPath];

const cannotBeOther =
  cannotBuild ?? (process.getuid?.() === 0 ? unreadable() : "the tests run as such a user already");

function unreadable(): string | undefined {
  try {
    execFileSync("setpriv", [...AS_NOBODY, "--check", SERVE], { stdio: "ignore" });
    return undefined;
  } catch {
    return "other users cannot read this directory";
  }
}

test.skipIf(cannotBeOther !== undefined)(
  `a user who is not root builds as well, offline with S3 in reach${because(cannotBeOther)}`,
  async () => {
    const dir = await mkdtemp(path.join(tmpdir(), "codebuild-nobody-"));
    await chown(dir, NOBODY, NOBODY);
    const s3 = await answering("from s3");
    const child = spawn("setpriv", [...AS_NOBODY, SERVE, dir, String(s3.port)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [url] = (await once(child.stdout, "data")) as [Buffer];
    const { codebuild, logs } = clientsOf(url.toString().trim());
    const list = [`curl -s http://127.0.0.1:${s3.port}/; echo`, "id -u", "touch mine"];
    await codebuild.send(new CreateProjectCommand({ ...projectOf("nobody", commands(...list)), ...OFFLINE }));
    const { build } = await codebuild.send(new StartBuildCommand({ projectName: "nobody" }));
    const ended = await over(codebuild, build!.id!);
    const log = await logOf(logs, ended);
    child.kill("SIGKILL");
    await once(child, "close");
    s3.server.close();
    await rm(dir, { recursive: true });
    expect(ended.buildStatus).toBe("SUCCEEDED");
    expect(printed(log).split("\n").slice(0, 2)).toEqual(["from s3", "0"]);
  },
);
