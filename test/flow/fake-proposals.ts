import type { Branch, Pull } from "../../src/bot/pull.ts";
import type { NewCommit, Proposal } from "../../src/ports-github.ts";

interface Around {
  readonly meet: (call: string) => void;
  readonly write: (call: string, what: string) => void;
  readonly pulls: Map<number, Pull>;
  readonly branches: Map<string, Branch>;
  readonly filesAt: Map<string, string>;
  readonly refused: () => string | undefined;
}

/** The part of a fake GitHub that takes commits and pull requests of ours; branches move forward only. */
export function proposing({ meet, write, pulls, branches, filesAt, refused }: Around) {
  const parents = new Map<string, readonly string[]>();
  const titles = new Map<
    number,
    { readonly branch: string; readonly title: string; readonly body: string }
  >();
  const removed: string[] = [];
  return {
    proposed: titles,
    removed,
    async writeCommit(_at: unknown, { base, after, message, files, gone = [] }: NewCommit) {
      const because = refused();
      if (because !== undefined) return { kind: "refused" as const, because };
      write("writeCommit", message);
      const sha = (parents.size + 1).toString(16).padStart(40, "d");
      parents.set(sha, after === undefined ? [base] : [after, base]);
      for (const [path, text] of Object.entries(files))
        filesAt.set(`${sha} ${path}`, typeof text === "string" ? text : new TextDecoder().decode(text));
      for (const path of gone) removed.push(`${sha} ${path}`);
      return { kind: "written" as const, sha };
    },
    async propose(_at: unknown, { branch, sha, base, title, body }: Proposal) {
      meet("propose");
      const head = branches.get(branch);
      if (head && head.sha !== sha && !parents.get(sha)?.includes(head.sha))
        return { kind: "moved" as const };
      branches.set(branch, { sha, isProtected: false });
      const open = [...titles].find(([number, one]) => one.branch === branch && pulls.get(number)?.isOpen);
      const number = open?.[0] ?? 100 + titles.size;
      write("propose", `${open ? "rename" : "open"} ${number} ${title}`);
      titles.set(number, { branch, title, body });
      pulls.set(number, {
        number,
        isOpen: true,
        sha,
        headRepo: 1,
        headOwner: 50,
        base: { branch: base, sha: "b".repeat(40), defaultBranch: "main" },
        author: { id: 4711, login: "millwright[bot]" },
        title,
        description: body,
        isDraft: false,
      });
      return { kind: "open" as const, number };
    },
  };
}
