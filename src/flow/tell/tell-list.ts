import type { Config } from "../../bot/config/config.ts";
import type { RepoRef } from "../../bot/events.ts";
import { type MailsMessage, type News, newsId } from "../../bot/mails.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import { type Newest, pullKey } from "../../pipelines/newest.ts";
import { hasEnded } from "../../pipelines/next.ts";
import type { Repo } from "../../pipelines/repo.ts";
import type { Run } from "../../pipelines/run.ts";
import type { Pull } from "../../bot/pull.ts";
import type { Queue, Records } from "../../ports.ts";
import { factsOf } from "../decide/lay.ts";

/** Who has news of pull requests for mailing lists. */
export interface ListPorts {
  readonly mails: Queue<MailsMessage>;
  readonly deployment: Pick<Deployment, "mail">;
}

/** News for the lists that the config names. Told again, it is not sent again. */
export async function tellList(
  { mails, deployment }: ListPorts,
  { repo, pull }: { readonly repo: Repo | RepoRef; readonly pull: number },
  news: News,
): Promise<void> {
  if (!deployment.mail) return;
  const facts = "ownerId" in repo ? factsOf(repo) : repo;
  const group = `${repo.id}/pull/${pull}`;
  await mails.send({ v: 1, repo: facts, pull, news }, { group, once: `${group} ${newsId(news)}` });
}

/** A pull request that is new to us, or its new head; told before we know it, so that a crash cannot swallow it. */
export async function tellHead(
  ports: ListPorts & { readonly newest: Pick<Records<Newest>, "read"> },
  { repo, pull, config }: { readonly repo: RepoRef; readonly pull: Pull; readonly config: Config },
): Promise<void> {
  if (!ports.deployment.mail || config.notifications.mail.length === 0) return;
  const { number, sha } = pull;
  const known = (await ports.newest.read(pullKey(repo.id, number)))?.value;
  if (known?.sha === sha) return;
  const news: News = known ? { kind: "head", sha, before: known.sha } : { kind: "opened", sha };
  await tellList(ports, { repo, pull: number }, news);
}

/** How a pull request's run ended. A commit that was given up has no outcome. */
export async function tellEnd(ports: ListPorts, run: Run): Promise<void> {
  if (run.trigger.kind !== "pull" || run.superseded !== undefined || !hasEnded(run)) return;
  const tries = run.stages.reduce((sum, { attempt }) => sum + attempt, 0);
  const news: News = { kind: "ended", run: run.id, sha: run.trigger.sha, tries };
  await tellList(ports, { repo: run.repo, pull: run.trigger.number }, news);
}

export async function tellClosed(ports: ListPorts, repo: RepoRef, pull: Pull): Promise<void> {
  if (pull.closed)
    await tellList(ports, { repo, pull: pull.number }, { kind: "closed", sha: pull.sha, ...pull.closed });
}
