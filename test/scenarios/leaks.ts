import type { Theatre } from "./theatre.ts";

const BUCKETS = ["StateBucket", "LogsBucket", "MirrorBucket"] as const;

/** Where a secret of ours, or a token of GitHub's, can be read: stored objects and lines of logs. */
export async function leaks({ state, said, secrets }: Theatre): Promise<readonly string[]> {
  const key = secrets.PRIVATE_KEY.split("\n")[1] ?? secrets.PRIVATE_KEY;
  const isLeak = (text: string) =>
    text.includes(secrets.WEBHOOK_SECRET) ||
    text.includes(key) ||
    /\b(gh[a-z]|github_pat)_\w{16,}/.test(text);
  const found = said.filter(isLeak).map((line) => `a log says ${line.slice(0, 100)}`);
  for (const bucket of BUCKETS)
    for (const name of await state.keys(bucket, ""))
      if (isLeak((await state.text(bucket, name)) ?? "")) found.push(`${bucket} has ${name}`);
  return found;
}
