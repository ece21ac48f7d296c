import { repoFile, repoFileName } from "../publish/repo-file.ts";
import type { RepoFile } from "../publish/repo-file.ts";
import { amiss } from "./finding.ts";
import type { Notes } from "./finding.ts";
import { whole } from "./net.ts";
import type { Net } from "./net.ts";
import { placeOf, targetAt } from "./pointer.ts";
import type { Target } from "./pointer.ts";
import { malformed, otherRepoFile } from "./words.ts";

/** Reads a repository file as dnf and zypper do: where the pointer and the key are. Every line of it must be ours. */
export async function readRepoFile(net: Net, where: string, notes: Notes): Promise<Target> {
  const text = (await whole(net, where)).toString();
  const valueOf = (name: string): string | undefined =>
    text
      .split("\n")
      .find((line) => line.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  const mirrorlist = valueOf("mirrorlist") ?? "";
  const keyUrl = valueOf("gpgkey") ?? "";
  if (!mirrorlist.endsWith(END) || !URL.canParse(mirrorlist) || !URL.canParse(keyUrl))
    throw amiss(malformed(where, "it names no mirrorlist, or no gpgkey"));
  const home = mirrorlist.slice(0, -END.length);
  await notes.guard(() => compare(where, text, { home, name: valueOf("name") ?? "" }));
  return { ...targetAt(home), keyUrl };
}

const END = "/mirrorlist";

/** Writes the file anew from what it says itself, and from its own name. */
function compare(
  where: string,
  text: string,
  { home, name }: { readonly home: string; readonly name: string },
): void {
  const [repo = "", channel = ""] = name.split(" ");
  const about: RepoFile = { repo, channel, ...placeOf(home) };
  const fileName = fileNameIn(decodeURIComponent(where));
  if (fileName !== repoFileName(about)) throw amiss(otherRepoFile(where, fileName, repoFileName(about)));
  const expected = repoFile(about);
  if (text === expected) return;
  const found = text.split("\n");
  const odd = expected.split("\n").findIndex((line, n) => line !== found[n]);
  throw amiss(
    otherRepoFile(where, found[odd] ?? text.slice(expected.length), expected.split("\n")[odd] ?? ""),
  );
}

/** Below the channel: the file of one release must not stand where that of another is. */
const fileNameIn = (where: string): string =>
  /releases\/\d{8}_\d{2}\/[^/]*$/.exec(where)?.[0] ?? where.slice(where.lastIndexOf("/") + 1);
