import { checksOf, type LogUrl } from "../bot/check.ts";
import { sticky, stickyMarker } from "../bot/words/sticky.ts";
import { logKey } from "../pipelines/log.ts";
import { type Newest, pullKey } from "../pipelines/newest.ts";
import { type Repo, type Run, runKey } from "../pipelines/run.ts";
import type { GitHub, Log, Records } from "../ports.ts";
import type { MovePorts } from "./move-run.ts";

export interface StickyPorts extends MovePorts {
  readonly github: Pick<GitHub, "comment" | "say">;
  readonly newest: Pick<Records<Newest>, "read">;
  /** Public address of the logs, without a slash at the end. */
  readonly logsUrl: string;
  readonly log: Log;
}

/** The one comment on a pull request, as its newest commit stands now. */
export async function showSticky(ports: StickyPorts, repo: Repo, number: number): Promise<void> {
  const newest = (await ports.newest.read(pullKey(repo.id, number)))?.value;
  if (!newest) return;
  const run = newest.run === undefined ? undefined : (await ports.runs.read(runKey(newest.run)))?.value;
  const rows = run
    ? checksOf(run, logUrlOf(ports, run)).map(({ name, title, detailsUrl }) => ({
        name,
        title,
        url: detailsUrl,
      }))
    : [];
  const body = sticky({ newest, run, rows });
  const was = await ports.github.comment(repo, number, stickyMarker);
  if (was?.body !== body) await ports.github.say(repo, number, { body, id: was?.id });
}

/** Logs of private repositories have no public address. */
export const logUrlOf =
  ({ logsUrl }: Pick<StickyPorts, "logsUrl">, run: Run): LogUrl =>
  (attempt) =>
    run.repo.private ? undefined : `${logsUrl}/${pathOf(logKey(attempt))}`;

/** S3 reads a raw `+` as a space. */
const pathOf = (key: string): string => encodeURI(key).replaceAll("+", "%2B");
