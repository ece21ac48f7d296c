import type { Change } from "./propose.ts";
import { packaging } from "./town.ts";

/** What people change in the story's second package. */

/** The files of its first version. */
export const almanacFiles = async (): Promise<Readonly<Record<string, string>>> => ({
  "almanac/almanac.spec": await packaging("almanac/almanac.spec"),
  "almanac/almanac.c": await packaging("almanac/almanac.c"),
});

const says = async (words: string): Promise<Record<string, string>> => ({
  "almanac/almanac.c": (await packaging("almanac/almanac.c")).replace("Have a good day.", words),
});

/** What a stranger wishes, and what they push after the ACK: a scriptlet, which runs as root. */
export async function evening(): Promise<{ readonly first: Change; readonly next: Change }> {
  const branch = "evening";
  const spec = await packaging("almanac/almanac.spec");
  const scriptlet = "%post\ntouch /etc/almanac-was-here\n\n%files";
  return {
    first: { branch, title: "almanac: good evening", files: await says("Have a good evening.") },
    next: {
      branch,
      title: "almanac: leave a mark",
      files: { "almanac/almanac.spec": spec.replace("%files", scriptlet) },
    },
  };
}

export const morning = async (): Promise<Change> => ({
  branch: "morning",
  title: "almanac: good morning",
  files: await says("Have a good morning."),
});

/** A page that is listed and not installed, and how that is mended. */
export async function manPage(): Promise<{ readonly first: Change; readonly next: Change }> {
  const branch = "page";
  const spec = await packaging("almanac/almanac.spec");
  const listed = `${spec}%{_mandir}/man1/almanac.1*\n`;
  const mended = listed
    .replace("BuildRequires:", "Source1:        almanac.1\nBuildRequires:")
    .replace("%files", "install -D -m 644 %{SOURCE1} %{buildroot}%{_mandir}/man1/almanac.1\n\n%files");
  const text = ".TH ALMANAC 1\n.SH NAME\nalmanac \\- says what the day holds\n";
  return {
    first: { branch, title: "almanac: a page for man", files: { "almanac/almanac.spec": listed } },
    next: {
      branch,
      title: "Install the page",
      files: { "almanac/almanac.spec": mended, "almanac/almanac.1": text },
    },
  };
}
