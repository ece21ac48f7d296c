/** Prefix of the global ids of a kind, as GitHub writes them. */
const prefixes = {
  App: "A",
  Blob: "B",
  Bot: "BOT",
  CheckRun: "CR",
  CheckSuite: "CS",
  Commit: "C",
  Installation: "IN",
  IssueComment: "IC",
  Issue: "I",
  Organization: "O",
  PullRequest: "PR",
  Reaction: "REA",
  Ref: "REF",
  Release: "RE",
  Repository: "R",
  Tree: "T",
  User: "U",
} as const;

export type NodeKind = keyof typeof prefixes;

/** A global id: the same for REST, GraphQL and webhooks, and opaque, so that nobody makes one up from a number. */
export const nodeId = (kind: NodeKind, key: number | string): string =>
  `${prefixes[kind]}_${Buffer.from(String(key)).toString("base64url")}`;

/** What a global id names; undefined for what `nodeId` never gave. */
export const readNodeId = (id: string): { readonly kind: NodeKind; readonly key: string } | undefined => {
  const end = id.indexOf("_");
  const key = Buffer.from(id.slice(end + 1), "base64url").toString();
  const kind = (Object.keys(prefixes) as NodeKind[]).find((one) => prefixes[one] === id.slice(0, end));
  return kind && nodeId(kind, key) === id ? { kind, key } : undefined;
};

/** Id of a git object of a repository. */
export const objectNodeId = (kind: "Blob" | "Commit" | "Tree", repository: number, sha: string): string =>
  nodeId(kind, `${repository}:${sha}`);
