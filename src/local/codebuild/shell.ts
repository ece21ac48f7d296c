import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/**
 * Runs orders (`<number> <succeeding>` lines on fd 3) in one shell that keeps variables, functions and the
 * directory from command to command. Each ends with a mark in the output, so that no output can come after it.
 */
export const DRIVER = `
if [ -e /codebuild/state/variables ]; then
  . /codebuild/state/variables
  cd "$(cat /codebuild/state/directory)"
fi
trap 'export -p > /codebuild/state/variables; pwd > /codebuild/state/directory' EXIT
while read -r __order CODEBUILD_BUILD_SUCCEEDING <&3; do
  export CODEBUILD_BUILD_SUCCEEDING
  . "/codebuild/readonly/command-$__order" </dev/null 3<&-
  printf '\\0%s %s\\n' "$1" "$?"
done
: > /codebuild/state/over
`;

/** A command may end its shell (`exit 3`): its status is told, and a new shell goes on with what was exported. */
export const SUPERVISOR = `
{
  printf '\\0%s 0\\n' "$2"
  while :; do
    "$1" /codebuild/readonly/driver "$2"
    __status=$?
    [ ! -e /codebuild/state/over ] || exit
    printf '\\0%s %s\\n' "$2" "$__status"
  done
} 2>&1 | cat
`;

export interface Heard {
  text(text: string): void;
  /** The command is over, with this exit status. */
  status(status: number): void;
}

/** Parts the output of the supervisor into text and the marks at which commands ended. */
export function listen(output: Readable, mark: string, heard: Heard): void {
  const start = `\0${mark} `;
  const decoder = new StringDecoder("utf8");
  let pending = "";

  const flush = (until: number): void => {
    if (until > 0) heard.text(pending.slice(0, until));
    pending = pending.slice(until);
  };

  output.on("data", (chunk: Buffer) => {
    pending += decoder.write(chunk);
    for (let at = pending.indexOf(start); at !== -1; at = pending.indexOf(start)) {
      flush(at);
      const end = pending.indexOf("\n");
      if (end === -1) return;
      const status = Number(pending.slice(start.length, end));
      pending = pending.slice(end + 1);
      heard.status(status);
    }
    const half = pending.lastIndexOf("\0");
    flush(half !== -1 && pending.length - half < start.length ? half : pending.length);
  });
}
