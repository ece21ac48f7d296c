import { jobName, type Work } from "../../pipelines/plan.ts";
import type { Deployment } from "../../pipelines/deployment.ts";
import type { Config, ConfigProblem } from "./config.ts";
import { recipesOf } from "./recipes.ts";
import type { ChannelRule } from "./promotions.ts";
import { channelsOf, type ChannelRepo } from "./channels.ts";
import { targetsOf, workOf } from "../work/targets.ts";
import { settings } from "../words/config-plan.ts";

/** One thing that the proposed rules would change: without `now` it is new, without `proposed` it goes. */
export interface Change {
  readonly what: "committer" | "trusted" | "channel" | "job" | "setting";
  readonly name: string;
  readonly now?: string;
  readonly proposed?: string;
}

/** What a proposed config would give, or why it would not be read. Nothing of it holds before it is merged. */
export type ProposedPlan =
  | { readonly mistakes: readonly ConfigProblem[] }
  | { readonly changes: readonly Change[] };

export interface Proposal {
  /** The rules on the default branch; with mistakes in them nothing is built today. */
  readonly current: Config | readonly ConfigProblem[];
  readonly proposed: Config | readonly ConfigProblem[];
  readonly deployment: Deployment;
  readonly repo: ChannelRepo;
  /** The paths of the commit that proposes. */
  readonly paths: readonly string[];
}

/** What would differ if the proposed rules were those of the default branch: first who may, then what is built where. */
export function proposedPlan({ current, proposed, ...around }: Proposal): ProposedPlan {
  if (isWrong(proposed)) return { mistakes: proposed };
  const { mistakes } = recipesOf(proposed, around.paths);
  if (mistakes.length > 0) return { mistakes };
  const now = isWrong(current) ? undefined : factsOf(current, around);
  const then = factsOf(proposed, around);
  return { changes: KINDS.flatMap((what) => changesIn(what, now?.[what] ?? new Map(), then[what])) };
}

const KINDS = ["committer", "trusted", "channel", "setting", "job"] as const;

type Facts = Readonly<Record<(typeof KINDS)[number], ReadonlyMap<string, string>>>;

type Around = Pick<Proposal, "deployment" | "paths" | "repo">;

function factsOf(config: Config, { deployment, paths, repo }: Around): Facts {
  const wanted = targetsOf(config, deployment);
  const targets = "targets" in wanted ? wanted.targets : {};
  // Descriptions are not read for a plan: each image stands for all that it is made as.
  const images = { described: new Map(), targets: deployment.targets };
  const work = workOf({ config, targets, recipes: recipesOf(config, paths).recipes, images });
  return {
    committer: new Map(config.committers.map((id) => [String(id), settings.yes])),
    trusted: new Map(config.trusted.map((id) => [String(id), settings.yes])),
    channel: new Map(
      Object.entries(channelsOf(config, repo)).map(([name, channel]) => [name, channelText(channel)]),
    ),
    setting: settingsOf(config),
    job: new Map(work.map((one) => [jobName(one), jobText(one)])),
  };
}

function channelText({ branch = "", nightly, from, tags, supportUntil, keepDays }: ChannelRule): string {
  const kept = keepDays === undefined ? "" : settings.kept(keepDays);
  if (from !== undefined) return settings.promoted(from, { tags, supportUntil }) + kept;
  return (nightly === undefined ? branch : settings.nightly(branch, nightly)) + kept;
}

const jobText = ({ tier, timeoutMinutes }: Work): string =>
  timeoutMinutes === undefined ? tier : `${tier}, ${settings.minutes(timeoutMinutes)}`;

function settingsOf({ review, notifications, pulls }: Config): ReadonlyMap<string, string> {
  const all: readonly (readonly [string, string | number | boolean | undefined])[] = [
    ["review.acks", review?.acks],
    ["review.lazyDays", review?.lazyDays],
    ["notifications.mail", notifications.mail.length > 0 ? notifications.mail.join(", ") : undefined],
    ["pulls.publish", pulls.publish],
    ["pulls.expireDays", pulls.expireDays],
  ];
  return new Map(
    all.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const])),
  );
}

function changesIn(
  what: Change["what"],
  now: ReadonlyMap<string, string>,
  then: ReadonlyMap<string, string>,
): readonly Change[] {
  const names = new Set([...then.keys(), ...now.keys()]);
  return Array.from(names).flatMap((name): readonly Change[] => {
    const [was, is] = [now.get(name), then.get(name)];
    if (was === is) return [];
    return [
      { what, name, ...(was !== undefined && { now: was }), ...(is !== undefined && { proposed: is }) },
    ];
  });
}

const isWrong = (config: Config | readonly ConfigProblem[]): config is readonly ConfigProblem[] =>
  Array.isArray(config);
