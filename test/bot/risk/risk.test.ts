import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWatched } from "../../../src/bot/risk/findings.ts";
import { RISKS } from "../../../src/bot/risk/kinds.ts";
import { type Files, risks } from "../../../src/bot/risk/risk.ts";
import { riskList } from "../../../src/bot/words/risk.ts";
import { cases } from "../../fuzz.ts";

const files = (given: Readonly<Record<string, string>>): Files => new Map(Object.entries(given));
const between = (path: string, [before, after]: readonly [string, string]) =>
  risks(files({ [path]: before }), files({ [path]: after })).map(({ what, line, text }) =>
    [what, line, text].join(" "),
  );

const SPEC = `Name: greet
Version: 1.0
Source0: https://example.org/greet/greet-%{version}.tar.gz
%description
A greeter.
%build
make
%files
/usr/bin/greet
%changelog
- first
`;

/** The spec with lines put before the one that begins so. */
const put = (before: string, lines: string): string => SPEC.replace(`\n${before}`, `\n${lines}\n${before}`);

describe("what a spec can do", () => {
  test.each([
    ["%description", "%post\necho hello", ["scriptlet 4 %post", "scriptlet 5 echo hello"]],
    ["%description", "%POST\necho hello", ["scriptlet 4 %POST", "scriptlet 5 echo hello"]],
    ["%files", "  %pre devel\necho hello", ["scriptlet 8 %pre devel", "scriptlet 9 echo hello"]],
    ["%description", "%post -p /sbin/ldconfig", ["scriptlet 4 %post -p /sbin/ldconfig"]],
    [
      "%files",
      "%post -p <lua>\nprint(1)",
      ["lua 8 %post -p <lua>", "scriptlet 8 %post -p <lua>", "scriptlet 9 print(1)"],
    ],
    [
      "%files",
      "%transfiletriggerin -- /usr/lib\nx",
      ["scriptlet 8 %transfiletriggerin -- /usr/lib", "scriptlet 9 x"],
    ],
    ["%files", "%verifyscript\nx", ["scriptlet 8 %verifyscript", "scriptlet 9 x"]],
    ["%description", "%define later %post", ["scriptlet 4 %define later %post"]],
    ["%description", "%global now %(date)", ["shell 4 %global now %(date)"]],
    ["%description", "%global now %%(date)", ["shell 4 %global now %%(date)"]],
    ["%description", "%{!?now:%(date)}", ["shell 4 %{!?now:%(date)}"]],
    ["- first", "- see %(date)", ["shell 11 - see %(date)"]],
    ["%description", "# %(date)", ["shell 4 # %(date)"]],
    ["%description", "%{lua: print(1)}", ["lua 4 %{lua: print(1)}"]],
    ["%description", "%{lua:\nprint(1)\n}", ["lua 4 %{lua:"]],
    ["%description", "%{expand:%{p}(date)}", ["expansion 4 %{expand:%{p}(date)}"]],
    ["%description", "%{expr:1+1}", ["expansion 4 %{expr:1+1}"]],
    ["%description", "%[1+1]", ["expansion 4 %[1+1]"]],
    ["%description", "%include other.inc", ["include 4 %include other.inc"]],
    ["%description", "%{load:macros}", ["include 4 %{load:macros}"]],
    ["%description", "%global __make /tmp/make", ["override 4 %global __make /tmp/make"]],
    ["%description", "%undefine _hardened_build", ["override 4 %undefine _hardened_build"]],
    ["%description", "Source1: https://evil.example/x.tar", ["source 4 Source1: https://evil.example/x.tar"]],
    ["%description", "Patch: http://example.org/x", ["source 4 Patch: http://example.org/x"]],
    ["%description", "Source1: https://example.org/y", ["source 4 Source1: https://example.org/y"]],
    ["%description", "%global from http://a/b", ["source 4 %global from http://a/b"]],
    [
      "%description",
      "%{!?u:%global u https://example.org http://b}",
      ["source 4 %{!?u:%global u https://example.org http://b}"],
    ],
    ["%description", "%sourcelist\nftp://a/b", ["source 5 ftp://a/b"]],
    ["%description", "BuildRequires: make, curl", ["network 4 BuildRequires: curl"]],
    ["make", "/usr/bin/curl -O https://x", ["network 7 /usr/bin/curl -O https://x"]],
    ["make", "(git clone x)", ["network 7 (git clone x)"]],
    ["/usr/bin/greet", "%attr(4755, root, root) /usr/bin/x", ["setuid 9 %attr(4755, root, root) /usr/bin/x"]],
    ["/usr/bin/greet", "%defattr( 2755,root,root)", ["setuid 9 %defattr( 2755,root,root)"]],
    ["/usr/bin/greet", "%caps(cap_net_raw=p) /usr/bin/x", ["setuid 9 %caps(cap_net_raw=p) /usr/bin/x"]],
    ["make", "chmod u+s greet", ["setuid 7 chmod u+s greet"]],
    ["make", "chmod 04755 greet", ["setuid 7 chmod 04755 greet"]],
    ["make", "install -m4755 greet x", ["setuid 7 install -m4755 greet x"]],
    ["make", "install --mode=2755 greet x", ["setuid 7 install --mode=2755 greet x"]],
    ["/usr/bin/greet", "%config /etc/sudoers.d/x", ["privileged 9 %config /etc/sudoers.d/x"]],
    ["/usr/bin/greet", "%{_sysconfdir}/cron.daily/x", ["privileged 9 %{_sysconfdir}/cron.daily/x"]],
    ["/usr/bin/greet", "%{_presetdir}/50-x.preset", ["privileged 9 %{_presetdir}/50-x.preset"]],
  ])("before %s: %j", (before, lines, found) => {
    expect(between("greet.spec", [SPEC, put(before, lines)])).toEqual(found);
  });

  test("every kind of risk is ordered, and has its words", () => {
    const all = RISKS.map((what, line) => ({ path: "a.spec", line, what, text: "x" }));
    expect(riskList(all, "c".repeat(40))).toMatchInlineSnapshot(`
      "Riskier than \`cccccccccc\`:

      - \`a.spec:0\` cannot be read for risks: too long, or a macro is never closed: \`x\`
      - \`a.spec:1\` runs a shell command while rpm reads the spec: \`x\`
      - \`a.spec:2\` runs Lua inside of rpm: \`x\`
      - \`a.spec:3\` makes macros out of macros while rpm reads the spec: \`x\`
      - \`a.spec:4\` reads another file into the spec: \`x\`
      - \`a.spec:5\` changes what the source services do: \`x\`
      - \`a.spec:6\` changes a script that runs as root in the image: \`x\`
      - \`a.spec:7\` changes where the image gets its packages, files or users from: \`x\`
      - \`a.spec:8\` changes what runs as root when the package is installed or removed: \`x\`
      - \`a.spec:9\` gives a file the rights of its owner or group, or capabilities: \`x\`
      - \`a.spec:10\` touches a place that gives rights or runs by itself: \`x\`
      - \`a.spec:11\` fetches from an address that was not asked before: \`x\`
      - \`a.spec:12\` changes the config; it counts once it is on the default branch: \`x\`
      - \`a.spec:13\` redefines a macro that says which programs rpm runs: \`x\`
      - \`a.spec:14\` reaches for the network: \`x\`"
    `);
  });
});

describe("what changes nothing of that", () => {
  test.each([
    ["%description", "Release: 1\n\n# a comment about %post\nBuildRequires: gcc, make"],
    ["%build", "It greets with curl, %%attr and sudoers."],
    ["make", "%configure --with-x\nchmod 0755 greet\ninstall -m 644 a=b c\ngit --version"],
    ["/usr/bin/greet", "%attr(0755, root, root) /usr/bin/x\n%doc README"],
    ["- first", "- the %%post scriptlet is gone, wget too"],
    ["%files", "%ldconfig_scriptlets\n%check\nmake test"],
  ])("before %s: %j", (before, lines) => {
    expect(between("greet.spec", [SPEC, put(before, lines)])).toEqual([]);
  });

  test("a new version from the same host", () => {
    const next = SPEC.replace("greet-%{version}", "new/greet-%{version}").replace("1.0", "1.1");
    expect(between("greet.spec", [SPEC, next])).toEqual([]);
  });

  test("a line that moves, or goes away", () => {
    const before = put("%description", "%global a %(date)\n%global b %{lua:x}\nUrl: x");
    const after = put("%description", "Url: x\n%global b %{lua:x}\n%global a %(date)");
    expect(between("greet.spec", [before, after])).toEqual([]);
    expect(between("greet.spec", [before, SPEC])).toEqual([]);
  });

  test("a file that no risks are looked for in", () => {
    expect([
      "a/b.spec",
      "_service",
      "x/_service",
      "config.xml",
      "a.kiwi",
      "config.sh",
      ".millwright.yml",
    ]).toSatisfy((paths: string[]) => paths.every(isWatched));
    expect(["README.md", "x/.millwright.yml", "spec", "a.spec.in"].some(isWatched)).toBe(false);
    expect(between("README.md", ["", "%(date)"])).toEqual([]);
  });
});

describe("what did not change by its own words", () => {
  test("another host, where only a macro was changed", () => {
    const spec = (host: string) =>
      put("%description", "").replace(
        "Source0: https://example.org",
        `%global HOST %{?x}%y\n%define y ${host}\nSource0: https://%{HOST}`,
      );
    expect(between("greet.spec", [spec("example.org"), spec("evil.example")])).toEqual([
      "source 5 Source0: https://%{HOST}/greet/greet-%{version}.tar.gz",
    ]);
  });

  test("a command that a condition held back", () => {
    const held = (condition: string) => put("%description", `%if ${condition}\n%global x %(date)\n%endif`);
    expect(between("greet.spec", [held("0"), held("1")])).toEqual(["shell 5 %global x %(date)"]);
    const or = (condition: string) =>
      put("%description", `%if ${condition}\n%else\n%global x %(date)\n%endif`);
    expect(between("greet.spec", [or("1"), or("0")])).toEqual(["shell 6 %global x %(date)"]);
  });

  test("a scriptlet that lost the line that ended it early", () => {
    const script = (lines: string) => put("%files", `%post\n${lines}rm -rf /`);
    expect(between("greet.spec", [script("exit 0\n"), script("")])).toEqual(["scriptlet 8 %post"]);
  });

  test("a line that moved from the description, or from another scriptlet, into a scriptlet", () => {
    const two = (pre: string, post: string) => put("%files", `%pre\ntrue\n${pre}\n%post\ntrue\n${post}`);
    expect(between("greet.spec", [two("reboot", ""), two("", "reboot")])).toContain("scriptlet 13 reboot");
    const text = SPEC.replace("A greeter.", "reboot\n%post\ntrue");
    expect(between("greet.spec", [text, text.replace("reboot\n%post\n", "%post\nreboot\n")])).toEqual([
      "scriptlet 5 %post",
      "scriptlet 6 reboot",
    ]);
  });

  test("a scriptlet does not end with a section that may not be there", () => {
    const script = (last: string) => put("%files", `%post\n%if 0\n%changelog\n%endif\n${last}`);
    expect(between("greet.spec", [script("true"), script("reboot")])).toContain("scriptlet 12 reboot");
    const fake = (last: string) => put("%files", `%post\n%?changelog\n  %changelog\n${last}`);
    expect(between("greet.spec", [fake("true"), fake("reboot")])).toContain("scriptlet 11 reboot");
  });

  test("what stands after a macro that is never closed", () => {
    const open = (last: string) => put("- first", `%{lua:\n${last}`);
    expect(between("greet.spec", [open("a"), open("b")])).toContain("unread 11 %{lua:");
  });
});

test("a new file is compared with nothing", () => {
  const found = risks(files({}), files({ "a.spec": "%post\nx" }));
  expect(found.map(({ path, line }) => `${path}:${line}`)).toEqual(["a.spec:1", "a.spec:2"]);
});

test("the fifty gravest are told, each on one short line", () => {
  const lines = Array.from({ length: 100 }, (_, i) => `Source${i}: https://h${i}.example/x`);
  const long = `%{lua:${"x".repeat(500)}\n}`;
  const found = risks(files({}), files({ "a.spec": [...lines, long].join("\n") }));
  expect(found).toHaveLength(50);
  expect(found[0]!.what).toBe("lua");
  expect(found[0]!.text).toHaveLength(160);
});

test("a file that is too long to be read is a risk, unless it did not change", () => {
  const long = "%description\n".repeat(30_000);
  expect(between("a.spec", ["", long])).toEqual(["unread 1 "]);
  expect(between("a.spec", [long, long])).toEqual([]);
  expect(between("a.spec", [long, "%post"])).toEqual(["scriptlet 1 %post"]);
});

test("foreign text in the list is code, on one line", () => {
  const found = risks(files({}), files({ "a`@all\n.spec": "%post\n@everyone `x` <b> [l](http://x)" }));
  expect(riskList(found, "`".repeat(40)).split("\n").slice(2)).toEqual([
    "- `a'@all .spec:1` changes what runs as root when the package is installed or removed: `%post`",
    "- `a'@all .spec:2` changes what runs as root when the package is installed or removed: `` @everyone `x` <b> [l](http://x) ``",
  ]);
  expect(riskList([], "c".repeat(40))).toBe("Nothing that we look for got riskier since `cccccccccc`.");
});

const piece = fc.constantFrom(
  ..."%post|%pre devel|%if 0|%else|%endif|%changelog|%files|%{lua:|}|%(|)|%[|\\|%|%%|# |<!--|-->|<source |\"|'|>".split(
    "|",
  ),
  "<![CDATA[",
  "]]>",
  "\n",
  " ",
  "Source: https://a.example/",
  "%global __x ",
  "chmod u+s x",
  "  - '1'",
);
const anyText = fc
  .array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 40 })
  .map((all) => all.join(""));
const anyPath = fc.constantFrom("a.spec", "_service", "config.xml", "config.sh", ".millwright.yml");

test("a commit is never riskier than itself, whatever else it has", () => {
  fc.assert(
    fc.property(anyPath, anyText, (path, text) => {
      expect(risks(files({ [path]: text }), files({ [path]: text }))).toEqual([]);
      expect(risks(files({ [path]: text }), files({ [path]: text, other: text }))).toEqual([]);
    }),
    { numRuns: cases() },
  );
});

test("harmless lines make no text riskier", () => {
  const harmless = fc.constantFrom(
    "",
    "# a comment",
    "BuildRequires: gcc",
    "Summary: x",
    "Group: Tools/%{name}",
  );
  fc.assert(
    fc.property(fc.array(harmless), (lines) => {
      const after = put("%description", lines.join("\n"));
      expect(between("greet.spec", [SPEC, after])).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("a command put anywhere into a spec is found, unless rpm would not read it", () => {
  fc.assert(
    fc.property(anyText, fc.nat(), (text, at) => {
      const lines = text.split("\n");
      const after = lines.toSpliced(at % (lines.length + 1), 0, "%(new)").join("\n");
      const found = risks(files({ "a.spec": text }), files({ "a.spec": after }));
      expect(found.length).toBeGreaterThan(0);
    }),
    { numRuns: cases() },
  );
});
