/** Heads every spec of the distribution: files stay as Debian built them, rpms come out the same every time. */
export const MACROS = `%global __os_install_post %{nil}
%global _build_id_links none
%global _binary_payload w1.zstdio
%global _buildshell /bin/bash
%global _build_name_fmt out.rpm
%global use_source_date_epoch_as_buildtime 1
%global _buildhost millwright
%global __pcfile_path ^/usr/(lib/[^/]+|lib|share)/pkgconfig/[^/]+\\.pc$
%define __pcfile_provides() %{lua:
  local path = rpm.expand("%{1}")
  local version
  for line in io.lines(path) do version = version or line:match("^Version:%s*([%w.+~]+)%s*$") end
  print("pkgconfig(" .. path:match("([^/]+)%.pc$") .. ")" .. (version and " = " .. version or ""))
}
`;
