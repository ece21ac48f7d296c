#!/usr/bin/env node
// The way into the house on a machine with nothing prepared: plain JavaScript for Node 18 and npm 9 or newer. It
// installs the pinned Node 24 and the packages of the lockfile, then Debian's tools, and says what it does.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(fileURLToPath(import.meta.url));
const MANIFEST = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const NPM = "npm@11.21.2";

/** What builds, signs, serves and checks packages for real on this machine. */
const DEBIAN = MANIFEST.debian;

const COMMANDS = {
  demo: { debian: true, run: [["node", "src/cli/demo.ts"]] },
  start: { debian: true, run: [["node", "src/cli/start.ts"]] },
  // Files that it is given are meant from where the person stands.
  verify: { debian: false, here: true, run: [["node", join(ROOT, "src/cli/verify.ts")]] },
  update: { debian: false, here: true, run: [["node", join(ROOT, "src/cli/update.ts")]] },
  test: { debian: true, run: [["vitest", "run"]] },
  // What takes too long for every run: a night's work.
  "test:heavy": {
    debian: true,
    run: [["vitest", "run", "test/e2e/live.test.ts"]],
    env: { MILLWRIGHT_HEAVY: "1" },
  },
  fuzz: {
    debian: true,
    run: [
      ["vitest", "run", "test/bot", "test/pipelines", "test/platform/mail", "test/local/github/foreign-text"],
    ],
    env: { MILLWRIGHT_FUZZ: process.env["MILLWRIGHT_FUZZ"] ?? "1000000" },
  },
  bench: { debian: false, run: [["node", "bench/main.ts"]] },
  package: { debian: false, run: [["osls", "package"]] },
  check: {
    debian: false,
    run: [["tsc"], ["oxlint", "--type-aware", "src", "test", "bench"], ["oxfmt", "--check"], ["knip"]],
  },
  run: { debian: false, run: [[]] },
};

const say = (text) => process.stderr.write(`millwright: ${text}\n`);

function fail(text) {
  say(text);
  process.exit(1);
}

function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit", ...options });
  if (error) fail(`${command} could not be started: ${error.message}`);
  return signal ? 128 : (status ?? 1);
}

function nodePackage() {
  if (process.platform !== "linux") {
    fail(`this runs on Linux; on ${process.platform} a Linux machine or container is missing`);
  }
  const name = `node-linux-${process.arch}`;
  const version = MANIFEST.optionalDependencies[name];
  if (!version) fail(`there is no pinned Node for ${process.arch}; x64 and arm64 have one`);
  return { name, version };
}

/**
 * npm under the pinned Node: older ones skip native packages that ask for a newer Node than they run on. And `install`
 * from the lockfile, not `ci`, which stops where a registry does not carry the native packages of other platforms.
 */
function installPackages({ name, version }) {
  const stamp = join(ROOT, "node_modules", ".millwright");
  const wanted = createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say(`installing Node ${version} and the packages of the lockfile into node_modules`);
  const npx = [
    "-y",
    "-p",
    `${name}@${version}`,
    "-p",
    NPM,
    "-c",
    "npm install --no-save --no-audit --no-fund --loglevel=error",
  ];
  if (run("npx", npx, { stdio: ["inherit", 2, 2] }) !== 0) fail("npm install failed; see above");
  writeFileSync(stamp, wanted);
}

const isInstalled = (name) => {
  const { stdout } = spawnSync("dpkg-query", ["-W", "-f", "${db:Status-Status}", name], { encoding: "utf8" });
  return stdout === "installed";
};

function installDebian() {
  if (spawnSync("apt-get", ["--version"]).status !== 0) {
    say(`this is not Debian; what these packages bring is looked for on PATH: ${DEBIAN.join(" ")}`);
    return;
  }
  const missing = DEBIAN.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const sudo = process.getuid() === 0 ? [] : ["sudo", "-n"];
  const apt = [
    ...sudo,
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-o",
    "DPkg::Lock::Timeout=600",
    "-qq",
  ];
  const install = [...apt, "install", "-y", "--no-install-recommends", ...missing];
  say(`installing from Debian: ${missing.join(" ")}`);
  const quiet = { stdio: ["ignore", 2, 2] };
  run(apt[0], [...apt.slice(1), "update"], quiet);
  if (run(install[0], install.slice(1), quiet) !== 0)
    fail(`install these by hand: apt-get install ${missing.join(" ")}`);
}

const [name = "", ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) fail(`one of ${Object.keys(COMMANDS).join(", ")}, not "${name}"`);
const node = nodePackage();
installPackages(node);
if (command.debian) installDebian();
const bins = [join(ROOT, "node_modules", node.name, "bin"), join(ROOT, "node_modules", ".bin")];
const env = { ...process.env, ...command.env, PATH: [...bins, process.env.PATH].join(delimiter) };
for (const [i, line] of command.run.entries()) {
  const [file, ...rest] = [...line, ...(i === command.run.length - 1 ? args : [])];
  const here = command.here ? { cwd: process.env.INIT_CWD ?? process.cwd() } : {};
  const status = run(file, rest, { env, ...here });
  if (status !== 0) process.exit(status);
}
