import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS, readDescription } from "../../../src/pipelines/kiwi/description.ts";
import { expand } from "../../../src/pipelines/kiwi/expand.ts";
import { includedPaths } from "../../../src/pipelines/kiwi/include.ts";
import { cases } from "../../fuzz.ts";

const HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<image schemaversion="7.5" name="one">\n';
const whole = (body: string): string => `${HEAD}${body}\n</image>\n`;
const type = '<preferences><type image="oci"/></preferences>';

/** What is wrong with a text, as people read it. */
function wrong(text: string): string {
  const read = readDescription(text);
  return "sentence" in read ? `${read.line}: ${read.sentence}` : "nothing";
}

const laughs = `<?xml version="1.0"?>\n<!DOCTYPE image [\n<!ENTITY a "ha">\n${Array.from(
  { length: 9 },
  (_, i) => `<!ENTITY a${i} "&a${i - 1};&a${i - 1};">`,
).join("\n")}\n]>\n<image schemaversion="7.5" name="&a8;"/>`;
const xxe = `<?xml version="1.0"?>\n<!DOCTYPE image [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<image name="&x;"/>`;

describe("a malformed or hostile description is refused at its line", () => {
  it.each([
    ["an external entity", xxe, "2: A document type or an entity is declared; neither is read."],
    ["a billion laughs", laughs, "2: A document type or an entity is declared; neither is read."],
    [
      "an entity that nobody declared",
      whole("<a>&nbsp;</a>"),
      "3: This is not well-formed XML: undefined entity.",
    ],
    [
      "a tag that is not closed",
      `${HEAD}<preferences>\n</image>`,
      "4: This is not well-formed XML: unexpected close tag.",
    ],
    [
      "an attribute given twice",
      whole('<a b="1" b="2"/>'),
      "3: This is not well-formed XML: duplicate attribute: b.",
    ],
    [
      "elements too deep",
      whole(`\n${"<a>".repeat(60)}${"</a>".repeat(60)}`),
      "4: More than 50 elements stand in one another.",
    ],
    ["very many elements", whole("<a/>".repeat(20_000)), "3: There are more than 10000 elements."],
    [
      "a huge attribute",
      whole(`\n\n<a b="${"x".repeat(9000)}"/>`),
      "5: An attribute is longer than 8192 characters.",
    ],
    [
      "very many attributes",
      whole(`<a ${Array.from({ length: 150 }, (_, i) => `a${i}="1"`).join(" ")}/>`),
      "3: An element has more than 100 attributes.",
    ],
    ["a file too large", whole("x".repeat(LIMITS.length)), "1: The file is longer than 262144 characters."],
    ["Latin 1", `<?xml version="1.0" encoding="iso-8859-1"?>\n<image/>`, "1: Only UTF-8 is read."],
    [
      "UTF-16, as it looks when it is read as UTF-8",
      Buffer.from(`\ufeff${whole(type)}`, "utf16le").toString("utf8"),
      "1: The file is not UTF-8 text.",
    ],
    ["bytes that are not UTF-8", `${HEAD}\ufffd</image>`, "1: The file is not UTF-8 text."],
    ["another root", "<project/>", "1: The root of a kiwi description is <image>."],
    ["nothing", "", "1: This is not well-formed XML: document must contain a root element."],
    [
      "an old schema",
      '\n<image schemaversion="5.3" name="x"/>',
      '2: schemaversion is "5.3"; 7.x and 8.x are read.',
    ],
    ["no name", '<image schemaversion="7.5"/>', "1: The image has no name that can be a file's."],
    [
      "a name that leads away",
      '<image schemaversion="7.5" name="../x"/>',
      "1: The image has no name that can be a file's.",
    ],
    [
      "a profile that is an option",
      whole('<profiles><profile name="--debug"/></profiles>'),
      "3: A profile's name is up to 60 letters, digits and . _ - +.",
    ],
    [
      "a type without a kind",
      whole("<preferences>\n<type/></preferences>"),
      "4: A <type> says in its image attribute what it makes.",
    ],
  ])("%s", (_, text, sentence) => {
    expect(wrong(text)).toBe(sentence);
  });

  it.each([
    "http://example.org/x.xml",
    "file:///etc/passwd",
    "file://../x.xml",
    "this://a/../../x",
    "file://",
  ])("an include of %s", (from) => {
    const read = readDescription(whole(`\n<include from="${from}"/>`));
    if ("sentence" in read) throw new Error(read.sentence);
    expect(includedPaths("a/one.kiwi", read.includes)).toEqual({
      line: 4,
      sentence: "An included file is named as file://name.xml, beside or below the description.",
    });
  });
});

describe("it takes bounded time", () => {
  /** How much longer the second takes, by the processor's clock. */
  const cost = (text: string): number => {
    const begun = process.cpuUsage();
    for (let i = 0; i < 5; i++) readDescription(text);
    const { user, system } = process.cpuUsage(begun);
    return user + system;
  };

  it.each([
    ["numeric entities", "<a>", "&#x41;", "</a>"],
    ["nested elements", "", "<a>", ""],
    ["remarks", "", "<!-- OBS-Profiles: a -->", ""],
    ["remarks that do not end", "", "<!-- ", ""],
    ["elements", "", "<a/>", ""],
    ["attributes", "<a ", 'b="1" ', "/>"],
    ["profiles in one list", '<preferences profiles="', "a,", '"/>'],
  ])("a flood of %s costs as much as it is long", (_, ...parts) => {
    const [before, one, after] = parts;
    const flood = (length: number) => whole(before + one.repeat(Math.floor(length / one.length)) + after);
    cost(flood(60_000));
    const [short, long] = [cost(flood(60_000)), cost(flood(240_000))];
    expect(long).toBeLessThan(short * 12 + 200_000);
  });
});

it("whatever is written, it is read or refused at one of its lines, and no image comes twice", () => {
  const word = fc.constantFrom("a", "b", "c-1", "", "x86_64", "aarch64");
  const list = fc.array(word, { maxLength: 3 }).map((words) => words.join(","));
  const profile = fc
    .tuple(word, list, word)
    .map(
      ([name, arch, needs]) =>
        `<profiles><profile name="${name}" arch="${arch}"><requires profile="${needs}"/></profile></profiles>`,
    );
  const preferences = fc
    .tuple(list, list, word)
    .map(
      ([profiles, arch, image]) =>
        `<preferences profiles="${profiles}" arch="${arch}"><type image="${image}"/></preferences>`,
    );
  const body = fc
    .array(fc.oneof(preferences, profile, fc.string()), { maxLength: 6 })
    .map((parts) => parts.join("\n"));
  fc.assert(
    fc.property(body, list, (body, profiles) => {
      const text = whole(body);
      const read = readDescription(text);
      if ("sentence" in read) return read.line >= 1 && read.line <= text.split("\n").length;
      const images = expand(read, { arch: "x86_64", profiles: profiles ? profiles.split(",") : undefined });
      if ("sentence" in images) return images.line >= 1;
      return new Set(images.map(({ profile, type }) => `${profile} ${type}`)).size === images.length;
    }),
    { numRuns: cases() / 5 },
  );
});
