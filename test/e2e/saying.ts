import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clone, type Person } from "../../src/cli/git.ts";
import type { World } from "../../src/cli/world.ts";

/** The spec of a package of which the packaging repository holds not one source. */
export const SPEC = `Name: saying
Version: 0
Release: 1
Summary: A saying
License: FSFAP
Source0: %{name}-%{version}.tar.xz
BuildArch: noarch
%description
A saying.
%prep
%autosetup
%install
install -D -m 644 saying %{buildroot}%{_datadir}/saying/%{version}
%files
%{_datadir}/saying
`;

/** The `_service` that takes it from a tag of its upstream. */
export const service = (revision: string): string => `<services>
  <service name="obs_scm">
    <param name="scm">git</param>
    <param name="url">https://github.com/upstream/saying.git</param>
    <param name="revision">${revision}</param>
    <param name="versionformat">@PARENT_TAG@</param>
    <param name="versionrewrite-pattern">v(.*)</param>
  </service>
  <service name="set_version"/>
  <service name="tar" mode="buildtime"/>
  <service name="recompress" mode="buildtime">
    <param name="file">*.tar</param>
    <param name="compression">xz</param>
  </service>
</services>
`;

/** The project upstream, and how it makes a release. */
export async function foundSaying({ github }: World) {
  const person: Person = github.admin.createUser({ login: "upstream" });
  await github.admin.createRepository({ owner: person.login, name: "saying" });
  return {
    async release(...tags: readonly string[]): Promise<void> {
      const work = await clone(`${github.url}/upstream/saying.git`, person);
      await work.git("checkout", "--quiet", "-B", "main");
      for (const tag of tags) {
        await writeFile(join(work.dir, "saying"), `Patience, says ${tag}.\n`);
        await work.commit(tag);
        await work.git("tag", tag);
      }
      await work.git("push", "--quiet", "origin", "main", "--tags");
      await work.remove();
    },
  };
}
