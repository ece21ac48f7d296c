import { type Check, checksOf } from "../bot/check.ts";
import { sticky, stickyMarker } from "../bot/words/sticky.ts";
import type { Deployment } from "../pipelines/deployment.ts";
import type { Line } from "../pipelines/line.ts";
import { logKey } from "../pipelines/log.ts";
import { type Newest, pullKey } from "../pipelines/newest.ts";
import { type Repo, type Run, runKey } from "../pipelines/run.ts";
import type { Clock, GitHub, Log, Records } from "../ports.ts";
import { lookAhead } from "./look-ahead.ts";
import type { MovePorts } from "./move-run.ts";

export interface StickyPorts extends MovePorts {
  readonly github: Pick<GitHub, "comment" | "say">;
  readonly newest: Pick<Records<Newest>, "read">;
  readonly lines: Pick<Records<Line>, "read">;
  readonly deployment: Deployment;
  readonly clock: Clock;
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
    ? (await checksNow(ports, run)).map(({ name, title, detailsUrl }) => ({
        name,
        title,
        url: detailsUrl,
      }))
    : [];
  const body = sticky({ newest, run, rows });
  const was = await ports.github.comment(repo, number, stickyMarker);
  if (was?.body !== body) await ports.github.say(repo, number, { body, id: was?.id });
}

/** The checks that the run asks for, with what is known besides: its logs' addresses and its places in lines. */
export async function checksNow(
  ports: Pick<StickyPorts, "lines" | "deployment" | "clock" | "logsUrl">,
  run: Run,
): Promise<readonly Check[]> {
  const { deployment, logsUrl } = ports;
  const { waits } = await lookAhead(ports, run);
  return checksOf(run, {
    // Logs of private repositories have no public address.
    logUrl: (attempt) => (run.repo.private ? undefined : `${logsUrl}/${pathOf(logKey(attempt))}`),
    web: deployment.github.web,
    imageOf: (target, arch) => deployment.targets[target]?.images[arch],
    waits,
  });
}

/** S3 reads a raw `+` as a space. */
const pathOf = (key: string): string => encodeURI(key).replaceAll("+", "%2B");
