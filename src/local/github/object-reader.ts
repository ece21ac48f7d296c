import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { gitEnvironment } from "./git.ts";

interface GitObject {
  readonly sha: string;
  readonly type: "commit" | "tree" | "blob" | "tag";
  readonly size: number;
  /** Empty where only the object's facts were asked for. */
  readonly bytes: Buffer;
}

export interface ObjectReader {
  /** Type and size of what a revision (`main`, `<sha>^{commit}`, `<sha>:path`) names. */
  info(revision: string): Promise<GitObject | undefined>;
  contents(revision: string): Promise<GitObject | undefined>;
  close(): void;
}

interface Question {
  readonly whole: boolean;
  answer(object: GitObject | undefined): void;
  fail(cause: Error): void;
}

/** Reads objects through one long-lived `git cat-file`, started with the first question. */
export const objectReader = (dir: string): ObjectReader => {
  let child: ChildProcessWithoutNullStreams | undefined;
  const questions: Question[] = [];
  const inbox = byteInbox();
  let head: GitObject | undefined;

  const settle = (): void => {
    for (let question = questions[0]; question; question = questions[0]) {
      const line = head ? undefined : inbox.line();
      if (!head && line === undefined) return;
      head ??= parseHead(line ?? "");
      if (head && question.whole) {
        const bytes = inbox.bytes(head.size + 1);
        if (!bytes) return;
        question.answer({ ...head, bytes: bytes.subarray(0, head.size) });
      } else question.answer(head);
      head = undefined;
      questions.shift();
    }
  };
  const start = (): ChildProcessWithoutNullStreams => {
    const started = spawn("git", ["-C", dir, "cat-file", "--batch-command"], { env: gitEnvironment });
    started.stdin.on("error", () => undefined);
    started.stdout.on("data", (part: Buffer) => {
      inbox.add(part);
      settle();
    });
    const end = (): void => {
      child = undefined;
      for (const question of questions.splice(0)) question.fail(new Error("git cat-file has ended"));
    };
    started.on("error", end);
    started.on("close", end);
    return started;
  };
  const ask = (whole: boolean, revision: string): Promise<GitObject | undefined> =>
    new Promise((answer, fail) => {
      if (revision === "" || /[\n\0]/.test(revision)) return answer(undefined);
      child ??= start();
      questions.push({ whole, answer, fail });
      child.stdin.write(`${whole ? "contents" : "info"} ${revision}\n`);
    });

  return {
    info: (revision) => ask(false, revision),
    contents: (revision) => ask(true, revision),
    close: () => child?.stdin.end(),
  };
};

const parseHead = (line: string): GitObject | undefined => {
  const found = /^([0-9a-f]{40}) (commit|tree|blob|tag) (\d+)$/.exec(line);
  if (!found?.[1] || !found[2]) return undefined;
  return {
    sha: found[1],
    type: found[2] as GitObject["type"],
    size: Number(found[3]),
    bytes: Buffer.alloc(0),
  };
};

const byteInbox = () => {
  let parts: Buffer[] = [];
  let held = 0;
  const joined = (): Buffer => {
    const whole = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    parts = [whole];
    return whole;
  };
  const take = (length: number): Buffer => {
    const whole = joined();
    parts = whole.length > length ? [whole.subarray(length)] : [];
    held -= length;
    return whole.subarray(0, length);
  };
  return {
    add: (part: Buffer): void => {
      parts.push(part);
      held += part.length;
    },
    bytes: (length: number): Buffer | undefined => (held < length ? undefined : take(length)),
    line: (): string | undefined => {
      const end = held === 0 ? -1 : joined().indexOf(10);
      return end < 0
        ? undefined
        : take(end + 1)
            .subarray(0, end)
            .toString();
    },
  };
};
