import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { testTools } from "./kit.ts";

/** Builds `count` packages at once, of every shape that metadata can tell of: needs of all kinds, versions, files with odd
 *  names, ghosts, scripts, foreign words, markup in texts, changelogs. Gives the files in order. Those that are
 *  `installable` are plain: they need nothing and install into an empty root. */
export async function buildMany(
  dir: string,
  count: number,
  { installable = false }: { readonly installable?: boolean } = {},
): Promise<readonly string[]> {
  const top = join(dir, "many");
  await mkdir(top, { recursive: true });
  const spec = join(top, "many.spec");
  const numbers = Array.from({ length: count }, (_, n) => n);
  await writeFile(
    spec,
    `Name: many
Version: 1.0
Release: 1
Summary: Many
License: Apache-2.0
BuildArch: noarch
%description
Many.
${numbers.map((n) => (installable ? plain(n) : subpackage(n))).join("")}
%install
mkdir -p %{buildroot}/opt/many
${numbers.map((n) => `mkdir -p '%{buildroot}/opt/many/${n}'; echo ${n} > '%{buildroot}/opt/many/${n}/a <b>&'`).join("\n")}
${numbers.map(files).join("")}
%changelog
* Thu Jan 01 2026 Ånn <a@b.invalid> - 1.0-1
- less < more > & "quoted" é
* Wed Dec 31 2025 B <b@b.invalid> - 0.9-1
- ]]> </package>
`,
  );
  const run = await testTools(dir);
  await run("rpmbuild", ["-bb", "--quiet", "--nodeps", "--define", `_topdir ${top}`, spec]);
  const out = join(top, "RPMS", "noarch");
  return (await readdir(out)).toSorted().map((name) => join(out, name));
}

const plain = (n: number): string => `%package -n p${n}
Summary: Plain
AutoReqProv: no
%description -n p${n}
Plain.
`;

const subpackage = (n: number): string => `%package -n p${n}
Version: ${1 + (n % 3)}.${n}${n % 5 === 0 ? "~rc1" : ""}${n % 7 === 0 ? "^git1" : ""}
Release: ${n % 4}
Summary: The <${n}th> & "best" é
${n % 6 === 0 ? `Epoch: ${n}\n` : ""}AutoReqProv: no
Requires: /bin/sh, a >= ${n}, (b if c)
Requires(pre): d = 1:2-3
Provides: virtual(p${n}) = ${n}
Conflicts: e < ${n}
Obsoletes: old${n} <= 1
Recommends: f
Suggests: g
Supplements: (h and i)
Enhances: j
%description -n p${n}
Line one <package type="rpm"> é
</package>

Line three of ${n} & more.
${n % 3 === 0 ? `%post -n p${n}\nexit 0\n` : ""}`;

const files = (n: number): string =>
  `%files -n p${n}\n/opt/many/${n}\n%ghost /var/lib/p${n}\n${n % 2 === 0 ? `%dir /opt/many\n` : ""}`;
