import { describe, expect, test } from "vitest";
import { type ConfigProblem, readConfig } from "../../../src/bot/config/config.ts";
import { problemLine, problemText } from "../../../src/bot/words/config.ts";

const TOOL = { url: "https://tools.example/go.rpm", sha256: "0".repeat(64) };
const GO = [
  { version: "1.21.3", packages: { x86_64: [TOOL] } },
  { version: "1.22.5", packages: { x86_64: [TOOL], aarch64: [TOOL] } },
];

const deployment = {
  targets: {
    "leap-15.6": {
      images: { x86_64: "leap", aarch64: "leap" },
      arches: { x86_64: "required", aarch64: "advisory" },
      family: "leap",
      version: "15.6",
      toolchains: { go: GO },
    },
    "debian-12": { images: { x86_64: "debian" }, arches: { x86_64: "required" } },
  },
  defaults: ["leap-15.6"],
  aliases: {
    "leap-latest": { newest: "leap" },
    "debian-latest": "debian-12",
    "sled-latest": { newest: "sled" },
  },
} as const;

/** Where the mistakes stand, what they say, and what was meant. */
const mistakes = (text: string): readonly string[] => {
  const read = readConfig(text, { ...deployment, defaults: ["leap-15.6"] }, "2026-11-21");
  if (!Array.isArray(read)) throw new Error(`no mistake in ${text}`);
  return (read as ConfigProblem[]).map((problem) => {
    const { line, column, endLine, endColumn } = problem;
    expect(endLine).toBe(line);
    return `${line}:${column}-${endColumn} ${problemText(problem)}`;
  });
};

const ARCHES = "x86_64, aarch64, s390x, ppc64le";

describe("wrong YAML", () => {
  test.each([
    ["trusted:\n\t- 1\n", ["2:1-1 A tab indents this line; YAML is indented by spaces."]],
    ["trusted: [1]\ntrusted: [2]\n", ["2:1-7 trusted stands here for the second time."]],
    ["review: { acks: 1, acks: 2 }\n", ["1:20-23 acks stands here for the second time."]],
    ["trusted: [1]\n---\ntrusted: [2]\n", ["2:1-3 A second document begins here; the config is one."]],
    ["trusted: &x [1]\n", ["1:13-15 Anchors are not allowed here."]],
    [
      "trusted: &x [1]\ncommitters: *x\n",
      ["1:13-15 Anchors are not allowed here.", "2:13-14 Aliases are not allowed here; write the value out."],
    ],
    ["trusted: !!python/object [1]\n", ["1:26-28 Tags are not allowed here; every value is plain text."]],
    ["trusted: [!!int 1]\n", ["1:17-17 Tags are not allowed here; every value is plain text."]],
    ["<<: { trusted: [1] }\n", ["1:1-2 Merge keys are not allowed here; write the keys out."]],
    [
      "trusted: [1\nreview: {}\n",
      ["2:1-1 What is opened before here (a bracket or brace) is not closed, or is indented wrongly."],
    ],
    ["channels:\n  devel: { branch: 'main }\n", ["3:1-1 A quoted text is not closed."]],
    [
      "channels:\n  devel: branch: main\n",
      ["2:10-10 A value that holds a colon and a space must stand in quotes; a map begins on its own line."],
    ],
    [
      "channels:\n  devel: { branch: @main }\n",
      ["2:20-20 A value that begins with @, ` or % must stand in quotes."],
    ],
    ["- trusted\nreview: {}\n", ["2:1-6 This line is indented in another way than those it belongs with."]],
    [
      'channels: { devel: { branch: "a\\q" } }\n',
      ["1:32-32 No such escape in double quotes; single quotes take a backslash as it is."],
    ],
    ["trusted: [1]\n? [a]\n: 1\n", ["2:3-5 A key must be plain text on one line."]],
    ["__proto__: 1\n", ["1:1-9 __proto__ is no name for anything."]],
    ["trusted: [1]\u0000\n", ["1:13-13 A character that no UTF-8 text file holds; save the file as UTF-8."]],
    [
      "a\u0000b\u0000\nc\ufffd: 1\n",
      [
        "1:2-2 A character that no UTF-8 text file holds; save the file as UTF-8.",
        "2:2-2 A character that no UTF-8 text file holds; save the file as UTF-8.",
      ],
    ],
    [
      "trusted: [1]\r\n\ufeffreview: {}\r\n",
      ["2:1-1 A character that no UTF-8 text file holds; save the file as UTF-8."],
    ],
    ["trusted: [1]\rreview: {}\r", ["1:13-13 A line ends in CR alone; lines end in LF or CR LF."]],
    ["trusted: [1]\r\nfoo: 2\r\n", ["2:1-3 foo: nothing of this name is known here"]],
  ])("%j", (text, said) => {
    expect(mistakes(text)).toEqual(said);
  });
});

describe("wrong rules", () => {
  test.each([
    ["chanels: {}\n", ["1:1-7 chanels: nothing of this name is known here. Did you mean channels?"]],
    ["jobs: []\n", ["1:1-4 jobs: nothing of this name is known here"]],
    [
      "review: { ack: 2, lazydays: 3 }\n",
      [
        "1:11-13 review.ack: nothing of this name is known here. Did you mean acks?",
        "1:19-26 review.lazydays: nothing of this name is known here. Did you mean lazyDays?",
      ],
    ],
    [
      "recipes:\n  k: { prority: low }\n",
      ["2:8-14 recipes.k.prority: nothing of this name is known here. Did you mean priority?"],
    ],
    [
      "recipes:\n  k: { priority: hgih }\n",
      ['2:18-21 recipes.k.priority: "hgih" is none of low, normal, high. Did you mean high?'],
    ],
    [
      "targets: { leap-15.6: [arm64] }\n",
      [`1:24-28 targets.leap-15.6.arm64: arm64 is no arch here; ${ARCHES} are. Did you mean aarch64?`],
    ],
    [
      "targets: { leap-15.6: { amd64: required } }\n",
      [`1:25-29 targets.leap-15.6.amd64: amd64 is no arch here; ${ARCHES} are. Did you mean x86_64?`],
    ],
    [
      "targets: { leap-15.6: { x86_64: requird } }\n",
      ['1:33-39 targets.leap-15.6.x86_64: "requird" is none of required, advisory. Did you mean required?'],
    ],
    [
      "targets: { leap-15.6: [x86_64: advisory] }\n",
      [
        "1:23-40 targets.leap-15.6: must be a list of arches or a map of arch to tier, and is a list of something else",
      ],
    ],
    [
      "targets: { leap-15.7: [x86_64] }\n",
      [
        "1:12-20 targets.leap-15.7: this deployment has no such target; it has leap-15.6, debian-12; leap-latest (leap-15.6 now), debian-latest (debian-12 now) stand for one. Did you mean leap-15.6?",
      ],
    ],
    [
      "targets: { leap-lastest: [x86_64] }\n",
      [
        "1:12-23 targets.leap-lastest: this deployment has no such target; it has leap-15.6, debian-12; leap-latest (leap-15.6 now), debian-latest (debian-12 now) stand for one. Did you mean leap-latest?",
      ],
    ],
    [
      "targets: { sled-latest: [x86_64] }\n",
      [
        "1:12-22 targets.sled-latest: this deployment has no release of sled that is still supported; it has leap-15.6, debian-12",
      ],
    ],
    [
      "targets: { debian-latest: [aarch64] }\n",
      [
        "1:28-34 targets.debian-latest.aarch64: debian-latest, which is debian-12 now, is not built on this arch here; it is on x86_64",
      ],
    ],
    [
      "targets: { leap-latest: [x86_64] }\nrecipes: { k: { targets: [leap-latest, leap-15.6, debian-latest] } }\n",
      ["2:51-63 recipes.k.targets.2: is none of this repository's targets: leap-latest, leap-15.6"],
    ],
    [
      "targets: { debian-12: [x86_64, aarch64] }\n",
      ["1:32-38 targets.debian-12.aarch64: debian-12 is not built on this arch here; it is on x86_64"],
    ],
    ["targets: [leap-15.6]\n", ["1:10-20 targets: must be a map, and is a list"]],
    ["targets: all\n", ["1:10-12 targets: must be a map, and is plain text"]],
    ["trusted: 583231\n", ["1:10-15 trusted: must be a list, and is plain text"]],
    ["just text\n", ["1:1-9 must be a map, and is plain text"]],
    ["- a\n- b\n", ["1:1-3 must be a map, and is a list"]],
    [
      "channels:\n  devel: {}\n",
      [
        "2:10-11 channels.devel.branch: is missing; give it, or the channel that this one is promoted from as `from`",
      ],
    ],
    ["channels:\n  devel:\n", ["2:3-7 devel: is empty: give it a value or leave the key out"]],
    ["trusted:\n", ["1:1-7 trusted: is empty: give it a value or leave the key out"]],
    [
      "channels: { a: { branch: main }, b: { branch: main } }\n",
      ["1:47-50 channels.b.branch: the branch main feeds a already"],
    ],
    [
      "channels:\n  nightly: { branch: main, nightly: '02:00' }\n  release: { from: nightli }\n",
      [
        "3:20-26 channels.release.from: no channel is called nightli; nightly is there. Did you mean nightly?",
      ],
    ],
    [
      "channels:\n  nightly: { branch: main, nightly: '02:00' }\n  release:\n    branch: main\n    from: nightly\n",
      ["5:11-17 channels.release.from: stands beside `branch`, and a channel is fed by one of them"],
    ],
    [
      "channels:\n  a: { from: b }\n  b: { from: a }\n",
      [
        "2:14-14 channels.a.from: leads back to a: the first of a chain is a nightly channel",
        "3:14-14 channels.b.from: leads back to b: the first of a chain is a nightly channel",
      ],
    ],
    [
      "channels: { devel: { branch: main }, release: { from: devel } }\n",
      [
        "1:55-59 channels.release.from: devel is fed by each push and has no numbers; give it a `nightly` hour, or name a nightly channel",
      ],
    ],
    [
      "channels: { devel: { branch: main, tags: v/ } }\n",
      ["1:42-43 channels.devel.tags: goes with `from` only"],
    ],
    [
      "channels:\n  n: { branch: main, nightly: '02:00' }\n  a: { from: n, tags: r/ }\n  b: { from: n, tags: r/ }\n",
      ["4:23-24 channels.b.tags: tags that begin with r/ promote to a already"],
    ],
    [
      "channels:\n  n: { branch: main, nightly: '02:00' }\n  a: { from: n, supportUntil: 2027-13-01 }\n",
      ['3:31-40 channels.a.supportUntil: "2027-13-01" is not a day like 2027-12-31'],
    ],
    [
      "channels:\n  a: { branch: a, over: [b, a] }\n  b: { branch: b, over: [c] }\n  c: { branch: c, over: [a, bb] }\n",
      [
        "2:26-26 channels.a.over.0: stands over a in its turn; one of the two is below",
        "2:29-29 channels.a.over.1: is the channel itself: its own packages are there anyway",
        "3:26-26 channels.b.over.0: stands over b in its turn; one of the two is below",
        "4:26-26 channels.c.over.0: stands over c in its turn; one of the two is below",
        "4:29-30 channels.c.over.1: no channel is called bb; a, b are there. Did you mean b?",
      ],
    ],
    [
      "channels: { pr: { branch: main } }\n",
      ["1:13-14 channels.pr: `pr` is where pull requests have their channels"],
    ],
    ["committers: [octocat]\n", ['1:14-20 committers.0: "octocat" is not a numeric GitHub id']],
    ["review: { acks: one }\n", ['1:17-19 review.acks: "one" is not a whole number from 0 to 20']],
    [
      "timeouts: { x86_64: 2161 }\n",
      ['1:21-24 timeouts.x86_64: "2161" is not a whole number from 1 to 2160'],
    ],
    [
      "timeouts: { s390: 60 }\n",
      [`1:13-16 timeouts.s390: s390 is no arch here; ${ARCHES} are. Did you mean s390x?`],
    ],
    [
      "pulls: { publish: off }\n",
      ['1:19-21 pulls.publish: "off" is neither true nor false. Did you mean false?'],
    ],
    [
      "recipes: { k: { paths: [./common] } }\n",
      [
        "1:25-32 recipes.k.paths.0: must be a path from the root of the repository, without `.`, `..` and empty parts. Did you mean common?",
      ],
    ],
    [
      "recipes: { k: { path: '*.spec' } }\n",
      [
        "1:23-30 recipes.k.path: names a file or folder as it is: `*`, `?` and `\\` mean nothing here, and a folder stands for all below it",
      ],
    ],
    [
      "recipes: { k: { path: a/../b.spec } }\n",
      [
        "1:23-33 recipes.k.path: must be a path from the root of the repository, without `.`, `..` and empty parts",
      ],
    ],
    [
      "recipes: { k: { targets: [debian-12] } }\n",
      ["1:27-35 recipes.k.targets.0: is none of this repository's targets: leap-15.6"],
    ],
    [
      "recipes: { k: { arches: [s390x] } }\n",
      [
        "1:25-31 recipes.k.arches: asks for no arch that its targets have; to build nothing of it, say skip: true",
      ],
    ],
    [
      'recipes: { k: { toolchain: { go: ">=1.23" } } }\n',
      ["1:34-41 recipes.k.toolchain.go: leap-15.6-x86_64 has go 1.21.3, 1.22.5, and nothing that is >=1.23"],
    ],
    [
      "recipes: { k: { toolchain: { go: =1.21.3 } } }\n",
      ["1:34-40 recipes.k.toolchain.go: leap-15.6-aarch64 has go 1.22.5, and nothing that is =1.21.3"],
    ],
    [
      "recipes: { k: { toolchain: { goo: 1.22 } } }\n",
      ["1:30-32 recipes.k.toolchain.goo: leap-15.6 has no such toolchain; it has go. Did you mean go?"],
    ],
    [
      "targets: { debian-latest: [x86_64] }\nrecipes: { k: { toolchain: { go: 1.22 } } }\n",
      ["2:30-31 recipes.k.toolchain.go: debian-12 has no toolchains to choose from"],
    ],
    [
      "recipes: { k: { toolchain: { go: newest! } } }\n",
      ['1:34-40 recipes.k.toolchain.go: "newest!" is no range of versions like 1.22 or ">=1.22 <2"'],
    ],
    [
      "notifications: { mail: ['List <a@b.example>'] }\n",
      ['1:25-44 notifications.mail.0: "List <a@b.example>" is not a plain mail address'],
    ],
  ])("%j", (text, said) => {
    expect(mistakes(text)).toEqual(said);
  });

  test("all mistakes are told at once, in the order of the file", () => {
    const text = "trusted: [x]\nfoo: 1\ntrusted: [1]\nreview: { acks: -1 }\n";
    expect(mistakes(text).map((mistake) => mistake.split(" ")[0])).toEqual(["2:1-3", "3:1-7", "4:17-18"]);
  });

  test("a mistake is a line of Markdown whose foreign text stays code", () => {
    const because = "a`b|c: nothing";
    expect(problemLine({ line: 3, column: 4, because, suggestion: "x" })).toBe(
      "- line 3, column 4: `a'b¦c: nothing`. Did you mean `x`?",
    );
  });
});
