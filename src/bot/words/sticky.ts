import type { Newest } from "../../pipelines/newest.ts";
import type { Run } from "../../pipelines/run.ts";
import { code } from "../markdown/markdown.ts";
import type { Answer } from "../review/review.ts";
import type { Row } from "../check/rows.ts";
import { bytesOf, shorten } from "../shorten.ts";
import { commit } from "./commit.ts";
import { jobTable } from "./job-table.ts";
import { howToAck, WAITING } from "./notices.ts";

export const stickyMarker = "<!-- millwright:sticky -->";

/** In bytes; GitHub takes comments of 65,536 characters. */
const MAX = { all: 65_000, table: 24_000, risks: 8_000, answer: 8_000 };

interface StickyFacts {
  /** Absent where nothing was decided about the pull request yet. */
  readonly newest: Newest | undefined;
  readonly run: Run | undefined;
  /** How the run stands as a whole, in a few words of ours. */
  readonly title: string | undefined;
  readonly rows: readonly Row[];
  /** The oldest first. */
  readonly answers: readonly Answer[];
}

/** The one comment on a pull request: what is built and how it stands, and what was answered to commands. */
export function sticky({ newest, run, title, rows, answers }: StickyFacts): string {
  const parts = [
    `${stickyMarker}\n${head(newest, run, title)}`,
    ...(newest?.risks === undefined ? [] : [shorten(newest.risks, MAX.risks)]),
    ...(rows.length > 0 ? [jobTable(rows, { rows: 60, bytes: MAX.table })] : []),
  ];
  const room = MAX.all - bytesOf([...parts, "---", HINT].join("\n\n"));
  return `${[...parts, ...conversation(answers, room), ...(answers.length > 0 ? ["---"] : []), HINT].join("\n\n")}\n`;
}

const HINT = `${code("/help")} in a new comment lists what can be asked for here.`;

function head(newest: Newest | undefined, run: Run | undefined, title: string | undefined): string {
  if (run) return `**Millwright** at ${commit(run)}${title === undefined ? "" : `: ${title}`}`;
  if (!newest) return "**Millwright**";
  const at = `**Millwright** at ${code(newest.sha.slice(0, 10))}`;
  if (newest.refused === WAITING) return `${at}: ${WAITING}. ${howToAck(newest.sha)}`;
  if (newest.refused !== undefined) return `${at}: nothing is built: ${code(newest.refused)}`;
  return `${at}: nothing is built; the check \`millwright\` says why.`;
}

/** The newest answers that fit, the newest last. */
function conversation(answers: readonly Answer[], max: number): readonly string[] {
  const told = answers.map(
    ({ by, line, said }) => `---\n\n${code(by)} asked ${code(line)}:\n\n${shorten(said.trim(), MAX.answer)}`,
  );
  let room = max;
  const first = told.findLastIndex((one) => (room -= bytesOf(one) + 2) < 0);
  return told.slice(first + 1);
}
