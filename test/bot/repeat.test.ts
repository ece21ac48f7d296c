import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packageNames } from "../../src/bot/package-names.ts";
import { quoted } from "../../src/bot/shell-words.ts";
import { install } from "../../src/bot/words/install.ts";
import { repeat } from "../../src/bot/words/repeat.ts";
import type { Job } from "../../src/pipelines/run.ts";
import { repoFileName } from "../../src/publish/repo-file.ts";
import { cases } from "../fuzz.ts";
import { files, pullRun, pushRun } from "./sample.ts";

const [job] = pullRun.jobs as [Job, ...Job[]];
const web = "https://github.example";
const sh = (script: string) => spawnSync("sh", { input: script, encoding: "utf8" });

/** The words that commands get when sh reads the block of a page. */
function commandsOf(page: string): readonly (readonly string[])[] {
  const lines = page.split("\n");
  const first = lines.findIndex((line) => line.startsWith("```"));
  const bar = lines[first]?.slice(0, -"text".length) ?? "";
  const block = lines.slice(first + 1, lines.indexOf(bar)).join("\n");
  const names = ["git", "podman", "cd", "rpmbuild", "sudo"];
  const stubs = names.map((name) => `${name}() { printf '%s\\0' ${name} "$@" END; }`);
  const { stdout } = sh([...stubs, block].join("\n"));
  return stdout
    .split("END\0")
    .filter((one) => one !== "")
    .map((one) => one.split("\0").slice(0, -1));
}

describe("words for sh", () => {
  test("whatever a text holds, sh reads it back as one word", () => {
    const special = fc.string({ unit: fc.constantFrom(...Array.from("'\"\\$`!&;|<>()*?~#- \t\n\r\0a")) });
    const words = fc.array(fc.oneof(special, fc.string({ unit: "binary" })), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(words, (texts) => {
        const plain = texts.map((text) => text.replaceAll("\0", ""));
        const { stdout } = sh(`printf '%s\\0' ${texts.map((text) => quoted(text)).join(" ")}\n`);
        expect(stdout.split("\0").slice(0, -1)).toEqual(plain);
      }),
      { numRuns: Math.ceil(cases() / 200) },
    );
  });
});

describe("how to repeat a build", () => {
  test("a pull request's head is merged into its base, by SHA, and built in the target's image", () => {
    expect(repeat(pullRun, job, { web, image: "registry.example/roots/debian:12" })).toMatchSnapshot();
  });

  test("a push is built as it is, in a system of one's own where there is no image", () => {
    const page = repeat(pushRun, job, { web, image: "root-of-this-machine" });
    expect(page).not.toContain("podman");
    expect(page).not.toContain("git merge");
    expect(page).toContain("Use a system like `debian-12` on `x86_64`");
  });

  test("whatever a recipe's path is, the shell hears no other command and the path arrives whole", () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !text.includes("/") && !text.includes("|"));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), (parts) => {
        const recipe = { ...job.recipe, path: parts.join("/") };
        const heard = commandsOf(repeat(pullRun, { ...job, recipe }, { web }));
        const folder = parts.slice(0, -1).join("/");
        expect(heard.map(([command]) => command)).toEqual([
          "git",
          "cd",
          "git",
          "git",
          "git",
          ...(folder ? ["cd"] : []),
          "rpmbuild",
        ]);
        expect(heard.at(-1)?.at(-1)).toBe(`./${parts.at(-1)}`);
      }),
      { numRuns: Math.ceil(cases() / 200) },
    );
  });
});

describe("how to install what was built", () => {
  const channel = {
    repo: "os",
    channel: "pr/7",
    target: "debian-12",
    url: "https://mirror.example/acme/os/pr/7",
  };

  test("lines for dnf and zypper, and for being rid of it again", () => {
    expect(install({ ...channel, packages: packageNames(files) })).toMatchSnapshot();
  });

  test("the file's name is the one that was published", () => {
    expect(install({ ...channel, packages: ["greet"] })).toContain(
      `${channel.url}/${repoFileName(channel)}'`,
    );
  });

  test("where there are no packages there is nothing to say", () => {
    expect(install({ ...channel, packages: [] })).toBe("");
  });

  test("names of packages are those of the results, without sources and what debuggers want", () => {
    const names = [
      "greet-debuginfo-1.0-1.x86_64.rpm",
      "python3-a-b-1.0-1.noarch.rpm",
      "odd.rpm",
      "SHA256SUMS",
    ];
    expect(packageNames([...files, ...names.map((name) => ({ name }))])).toEqual([
      "greet",
      "greet-devel",
      "python3-a-b",
    ]);
  });
});
