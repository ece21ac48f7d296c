import { describe, expect, test } from "vitest";
import { type Files, risks } from "../../src/bot/risk/risk.ts";

const files = (given: Readonly<Record<string, string>>): Files => new Map(Object.entries(given));
const between = (path: string, [before, after]: readonly [string, string]) =>
  risks(files({ [path]: before }), files({ [path]: after })).map(({ what, line, text }) =>
    [what, line, text].join(" "),
  );

const SERVICE = `<services>
  <service name="tar_scm" mode="manual">
    <param name="url">https://example.org/a</param>
  </service>
  <!--
  <service name="set_version"/>
  -->
</services>
`;

describe("services, images and the config", () => {
  test.each([
    [
      "a changed address",
      SERVICE.replace("/a<", "/b<"),
      'service 3 <param name="url">https://example.org/b</param>',
    ],
    ["a changed mode", SERVICE.replace(' mode="manual"', ""), 'service 2 <service name="tar_scm">'],
    [
      "a service that was a comment",
      SERVICE.replace("<!--\n", "").replace("-->\n", ""),
      'service 5 <service name="set_version"/>',
    ],
    ["a parameter taken away", SERVICE.replace(/ *<param.*\n/, ""), "service 1 <services>"],
  ])("%s in _service", (_, after, found) => {
    expect(between("_service", [SERVICE, after])).toContain(found);
  });

  test("comments in _service are no risk, unless they only look like it", () => {
    expect(
      between("_service", [SERVICE, SERVICE.replace("<services>", "<!-- hello\nworld --><services>")]),
    ).toEqual([]);
    const hidden = '<p><![CDATA[><!--]]></p>\n<service name="x"/>\n<!-- -->';
    expect(between("_service", [SERVICE, SERVICE.replace("</services>", `${hidden}</services>`)])).toContain(
      'service 9 <service name="x"/>',
    );
  });

  const KIWI = `<image name="x">
  <!-- <repository type="rpm-md"><source path="https://old.example/"/></repository> -->
  <packages type="image"><package name="a"/></packages>
  <repository type="rpm-md">
    <source path="obsrepositories:/"/>
  </repository>
</image>
`;
  test.each([
    [
      "another repository",
      KIWI.replace("obsrepositories:/", "https://evil.example/"),
      ['kiwi 5 <source path="https://evil.example/"/>'],
    ],
    ["one in a line of its own", KIWI.replace("<source path", "<source\n path"), []],
    [
      "a repository that was a comment",
      KIWI.replace("<!-- ", "").replace(" -->", ""),
      ['kiwi 2 <source path="https://old.example/"/>', 'kiwi 4 <repository type="rpm-md">'],
    ],
    [
      "a user",
      KIWI.replace("</image>", '<users><user name="root" password="x"/></users></image>'),
      ['kiwi 7 <user name="root" password="x"/>'],
    ],
    [
      "what quotes hide",
      KIWI.replace('path="obs', 'alias=">" path="obs'),
      ['kiwi 5 <source alias=">" path="obsrepositories:/"/>'],
    ],
    [
      "an entity",
      `<!DOCTYPE image [<!ENTITY a SYSTEM "file:///etc/passwd">]>${KIWI}`,
      ['kiwi 1 <!DOCTYPE image [<!ENTITY a SYSTEM "file:///etc/passwd">'],
    ],
    [
      "a script of its own",
      KIWI.replace("<image", '<image editbootinstall="x.sh"'),
      ['kiwi 1 <image editbootinstall="x.sh" name="x">'],
    ],
    ["another package", KIWI.replace('name="a"', 'name="b"'), []],
  ])("%s in a kiwi description", (_, after, found) => {
    expect(between("a.kiwi", [KIWI, after])).toEqual([...found]);
  });

  test("every line of a script counts, and so does their order", () => {
    expect(between("config.sh", ["#!/bin/sh\na\n", "#!/bin/sh\n\na\nb\n"])).toEqual([
      "kiwiScript 1 #!/bin/sh",
      "kiwiScript 4 b",
    ]);
    expect(between("config.sh", ["a\nexit\nb", "a\nb"])).toEqual(["kiwiScript 1 a"]);
  });

  test("the config's lines count with their indentation, its comments do not", () => {
    const config = "trusted:\n  - '12'\n";
    expect(between(".millwright.yml", [config, `# people\n\n${config}`])).toEqual([]);
    expect(between(".millwright.yml", [config, `${config}  - '13'\n`])).toContain("config 3 - '13'");
  });
});

const SIZE = 64 * 1024;
const SPECS = {
  "signs of macros": "%",
  "open braces": "%{",
  "open brackets": "%(",
  "open Lua": "%{lua:",
  "open questions": "%{?!-",
  conditions: "%if 1\n",
  "conditions that turn": "%if 1\n%else\n",
  "turns without a condition": "%else\n",
  scriptlets: "%post\n",
  "lines that go on": "\\\n",
  "empty lines": "\n",
  words: "chmod ",
  definitions: "%define a %a\n",
  modes: "%attr(",
  sources: "Source: %{x}://a\n",
};
const MARKUP = {
  "open tags": "<",
  "open comments": "<!--",
  "open quotes": "<a '",
  "open data": "<![CDATA[",
  "open instructions": "<?",
};

describe("64 KiB of the same are read to the end", () => {
  test.each([
    ...Object.entries(SPECS).map(([what, text]) => ({ what, text, path: "a.spec" })),
    ...Object.entries(MARKUP).map(([what, text]) => ({ what, text, path: "a.kiwi" })),
    ...Object.entries(MARKUP).map(([what, text]) => ({ what, text, path: "_service" })),
  ])("$what in $path", ({ text, path }) => {
    const before = text.repeat(SIZE / text.length);
    expect(between(path, [before, `${before.slice(1)} `]).length).toBeLessThan(51);
  });

  test("a long line that begins a scriptlet, and deep conditions around one", () => {
    const long = `%post ${"x".repeat(50_000)}\n${"a\n".repeat(50_000)}`;
    const deep = `${"%if 1\n".repeat(20_000)}%post\n${"a\n".repeat(20_000)}`;
    for (const text of [long, deep]) expect(between("a.spec", ["", text]).length).toBeLessThan(51);
  });
});

test("of very many long files those are named that were not read", () => {
  const names = Array.from({ length: 20 }, (_, i) => `${i}.spec`);
  const found = risks(files({}), new Map(names.map((name) => [name, "%changelog\n- x\n".repeat(16_000)])));
  expect(found.map(({ path, what }) => `${path} ${what}`)).toEqual(
    ["17.spec", "18.spec", "19.spec"].map((path) => `${path} unread`),
  );
});
