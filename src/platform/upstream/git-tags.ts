/** What a server that speaks git over HTTP says first: packets, each led by its length in four hex digits. */
export function tagsAdvertised(text: string): readonly string[] {
  return packets(text).flatMap((packet) => {
    const [ref = ""] = packet.split("\0");
    const [sha = "", name = ""] = ref.trimEnd().split(" ");
    const isTag = sha.length >= 40 && name.startsWith(TAGS) && !name.endsWith("^{}");
    return isTag ? [name.slice(TAGS.length)] : [];
  });
}

const TAGS = "refs/tags/";

function packets(text: string): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at + 4 <= text.length;) {
    const length = lengthOf(text.slice(at, at + 4));
    if (length === undefined) throw new Error("the answer is not what git speaks");
    // Lengths below four are marks, and have no content.
    if (length >= 4) found.push(text.slice(at + 4, at + length));
    at += Math.max(4, length);
  }
  return found;
}

function lengthOf(digits: string): number | undefined {
  const isHex = Array.from(digits).every((char) => "0123456789abcdef".includes(char.toLowerCase()));
  return isHex ? Number.parseInt(digits, 16) : undefined;
}
