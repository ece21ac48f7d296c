import { createHash } from "node:crypto";
import { lineOf } from "../src/publish/package-list.ts";
import { poolPath } from "../src/publish/nevra.ts";

/** What the four files of a snapshot say of one package that does not exist. The sizes are those of an ordinary
 *  distribution: 13 files in the middle and some packages with thousands, 10 entries of a changelog, 12 needs. */
export interface Synthetic {
  readonly primary: Buffer;
  readonly filelists: Buffer;
  readonly other: Buffer;
  readonly list: Buffer;
}

/** The nth package; the same for the same number. */
export function synthetic(n: number): Synthetic {
  const dice = diceOf(n);
  const word = () => WORDS[dice(WORDS.length)] ?? "";
  const name = `${word()}-${word()}-${String(n).padStart(5, "0")}`;
  const [version, release] = [`${dice(9)}.${dice(30)}.${dice(20)}`, `${1 + dice(60)}.1`];
  const sha256 = digest(`signed ${n}`);
  const file = `${name}-${version}-${release}.x86_64.rpm`;
  const path = poolPath(sha256, file);
  const about = { name, version, release, sha256, path, word, dice };
  const head = `<package pkgid="${sha256}" name="${name}" arch="x86_64">\n  <version epoch="0" ver="${version}" rel="${release}"/>\n`;
  return {
    primary: Buffer.from(primaryOf(about)),
    filelists: Buffer.from(`${head}${filesOf(about)}</package>\n`),
    other: Buffer.from(`${head}${changesOf(about)}</package>\n`),
    list: lineOf({
      nevra: `${name}-${version}-${release}.x86_64`,
      sha256,
      unsigned: digest(`built ${n}`),
      size: 1000 + dice(1_000_000),
      name,
      file,
      path,
      run: `1/push/main/${digest(`commit ${n % 500}`).slice(0, 40)}`,
    }),
  };
}

interface About {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly sha256: string;
  readonly path: string;
  readonly word: () => string;
  readonly dice: (sides: number) => number;
}

function primaryOf({ name, version, release, sha256, path, word, dice }: About): string {
  const evr = `flags="EQ" epoch="0" ver="${version}" rel="${release}"`;
  const entry = (what: string) => `      <rpm:entry name="${what}"/>\n`;
  const needs = repeat(skewed(dice, 12), () => entry(`lib${word()}${word()}.so.${dice(9)}()(64bit)`));
  const gives = repeat(skewed(dice, 4), (i) => `      <rpm:entry name="pkgconfig(${name}${i})" ${evr}/>\n`);
  return `<package type="rpm">
  <name>${name}</name>
  <arch>x86_64</arch>
  <version epoch="0" ver="${version}" rel="${release}"/>
  <checksum type="sha256" pkgid="YES">${sha256}</checksum>
  <summary>The ${word()} ${word()} package</summary>
  <description>${repeat(60, () => `${word()} `)}</description>
  <packager>Packager &lt;p@example.org&gt;</packager>
  <url>https://example.org/${name}</url>
  <time file="1700000000" build="${1_700_000_000 + dice(1e6)}"/>
  <size package="${1000 + dice(1e6)}" installed="${dice(1e7)}" archive="${dice(1e7)}"/>
  <location href="../../${path}"/>
  <format>
    <rpm:license>MIT AND GPL-2.0-or-later</rpm:license>
    <rpm:vendor>Example Vendor</rpm:vendor>
    <rpm:group>System/Libraries</rpm:group>
    <rpm:buildhost>build${dice(40)}</rpm:buildhost>
    <rpm:sourcerpm>${name}-${version}-${release}.src.rpm</rpm:sourcerpm>
    <rpm:header-range start="4504" end="${6000 + dice(90_000)}"/>
    <rpm:provides>
      <rpm:entry name="${name}" ${evr}/>
${gives}    </rpm:provides>
    <rpm:requires>
${needs}    </rpm:requires>
    <file>/usr/bin/${name}</file>
  </format>
</package>
`;
}

function filesOf({ name, word, dice }: About): string {
  const place = () =>
    `${PLACES[dice(PLACES.length)]}/${name}/${word()}_${word()}_${dice(1 << 24).toString(16)}`;
  const count = Math.min(3000, Math.round(skewed(dice, 13) * (dice(20) === 0 ? 20 : 1)));
  return `  <file>/usr/bin/${name}</file>\n${repeat(count, () => `  <file>${place()}.so</file>\n`)}`;
}

const changesOf = ({ version, word, dice }: About): string =>
  repeat(10, (i) => {
    const date = 1_700_000_000 - i * 8_640_000;
    const author = `Dev ${i} &lt;d${i}@example.org&gt; - ${version}`;
    return `  <changelog author="${author}" date="${date}">- Update ${word()} to version ${dice(30)}.${dice(99)} (bug ${dice(99_999)}), drop the ${word()} patch</changelog>\n`;
  });

const WORDS =
  "core util net lib data tool kit python perl go rust gtk qt font icon doc devel common base plugin theme lang server client agent cache index query parse image audio video codec crypto sign key".split(
    " ",
  );
const PLACES = ["/usr/lib64", "/usr/share/doc", "/usr/include", "/usr/lib/python3.12/site-packages"];

const repeat = (times: number, what: (i: number) => string): string =>
  Array.from({ length: times }, (_, i) => what(i)).join("");

/** Mostly a little below the middle, sometimes a lot above it. */
const skewed = (dice: About["dice"], middle: number): number =>
  Math.round((middle * (30 + dice(100))) / 60) + (dice(10) === 0 ? middle * 3 : 0);

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Numbers that look random and are always the same (a linear congruential generator). */
function diceOf(seed: number): About["dice"] {
  let state = (seed + 1) * 2_654_435_761;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}
