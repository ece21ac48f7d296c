export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601, UTC, whole seconds. */
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** Whole seconds, as GitHub writes times. */
export const gitHubTime = (time: string | number): string =>
  new Date(time).toISOString().replace(/\.\d+Z$/, "Z");

/** Reads a raw commit object (gitformat: header lines, an empty line, the message). */
export const parseCommit = (sha: string, raw: string): Commit => {
  const end = raw.indexOf("\n\n");
  const lines = raw.slice(0, end).split("\n");
  const values = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  return {
    sha,
    tree: values("tree")[0] ?? "",
    parents: values("parent"),
    author: parseSignature(values("author")[0] ?? ""),
    committer: parseSignature(values("committer")[0] ?? ""),
    message: raw.slice(end + 2).trimEnd(),
  };
};

/** Reads `Name <mail> seconds zone`. */
export const parseSignature = (line: string): Signature => {
  const found = /^(.*?) ?<([^>]*)> (\d+)/.exec(line);
  return {
    name: found?.[1] ?? "",
    email: found?.[2] ?? "",
    date: gitHubTime(Number(found?.[3] ?? 0) * 1000),
  };
};
