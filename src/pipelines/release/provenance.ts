import { z } from "zod";
import { BUNDLE } from "../manifest/manifest.ts";
import type { Job, Run, Trigger } from "../run.ts";
import { attemptId, resultsPrefix, type Stage } from "../stage.ts";

const Digest = z.readonly(z.record(z.string(), z.string()));
const Resource = z.readonly(
  z.strictObject({
    name: z.optional(z.string()),
    uri: z.optional(z.string()),
    digest: z.optional(Digest),
  }),
);

/** Where a package comes from, as a predicate of SLSA v1 (https://slsa.dev/spec/v1.0/provenance). */
export const Provenance = z.readonly(
  z.strictObject({
    buildDefinition: z.strictObject({
      buildType: z.string(),
      externalParameters: z.record(z.string(), z.string()),
      internalParameters: z.record(z.string(), z.string()),
      resolvedDependencies: z.readonly(z.array(Resource)),
    }),
    runDetails: z.strictObject({
      builder: z.strictObject({ id: z.url() }),
      metadata: z.strictObject({
        invocationId: z.string(),
        startedOn: z.optional(z.string()),
        finishedOn: z.optional(z.string()),
      }),
    }),
  }),
);
export type Provenance = z.infer<typeof Provenance>;

/** How a kind of recipe is built from `repository` at `sha` (of `ref`): what is at `recipe`, for `target` on `arch`. */
const buildTypeOf = ({ recipe }: Job): string => `urn:millwright:build:${recipe.kind}:v1`;

/** What is known of this installation: `builder` names it and its pools are below that, `web` is where GitHub is. */
interface Place {
  readonly builder: string;
  readonly web: string;
}

/** The provenance of what each passed job built, by its name: said from the record alone, nothing of it by the build. */
export function provenances(run: Run, place: Place): Readonly<Record<string, Provenance>> {
  const stages = new Map(run.stages.map((stage) => [stage.name, stage]));
  return Object.fromEntries(
    run.jobs.flatMap((job) => {
      const build = stages.get(job.build);
      if (build?.state !== "passed") return [];
      return [[job.name, provenance(run, { job, build, source: stages.get(job.source) }, place)]];
    }),
  );
}

interface Made {
  readonly job: Job;
  readonly build: Stage;
  readonly source: Stage | undefined;
}

function provenance(run: Run, made: Made, place: Place): Provenance {
  const { job, build } = made;
  const { trigger, repo } = run;
  const repository = `${place.web}/${repo.owner}/${repo.name}`;
  const ref = refOf(trigger);
  return {
    buildDefinition: {
      buildType: buildTypeOf(job),
      externalParameters: {
        repository,
        ref,
        sha: trigger.sha,
        recipe: job.recipe.path,
        target: job.target,
        arch: job.arch,
      },
      internalParameters: {
        trigger: trigger.kind,
        zone: run.zone,
        run: run.id,
        ...(run.channel !== undefined && { channel: run.channel }),
        ...("number" in trigger && { number: String(trigger.number) }),
      },
      resolvedDependencies: [
        { uri: `git+${repository}@${ref}`, digest: { gitCommit: trigger.sha } },
        ...sourcesOf(made.source),
        ...rootOf(build.image),
        ...toolsOf(job),
      ],
    },
    runDetails: {
      builder: { id: `${place.builder}/${build.pool}` },
      metadata: invocation(run, build),
    },
  };
}

type Resources = Provenance["buildDefinition"]["resolvedDependencies"];

/** The bundle that was built from, and what was fetched from elsewhere into it. */
function sourcesOf(source: Stage | undefined): Resources {
  const bundle = source?.files?.find(({ name }) => name === BUNDLE);
  const fetched = (source?.sources ?? []).filter(({ url }) => url !== undefined);
  return [
    ...(bundle ? [{ name: "sources", digest: { sha256: bundle.sha256 } }] : []),
    ...fetched.map(({ file, url, sha256 }) => ({ name: file, uri: url, digest: { sha256 } })),
  ];
}

/** An image is known by its digest where its name has one. */
function rootOf(image: string | undefined): Resources {
  if (image === undefined) return [];
  const [, digest] = image.split("@sha256:");
  return [{ name: "build root", uri: image, ...(digest !== undefined && { digest: { sha256: digest } }) }];
}

/** What was put into the build root besides. */
const toolsOf = ({ tools = [], layers = [] }: Job): Resources => [
  ...tools.flatMap(({ name, version, packages }) =>
    packages.map(({ url, sha256 }) => ({
      name: `toolchain ${name} ${version}`,
      uri: url,
      digest: { sha256 },
    })),
  ),
  ...layers.map(({ channel, snapshot, repomd }) => ({
    name: `layer ${channel} ${snapshot}`,
    digest: { sha256: repomd },
  })),
];

/** Which attempt made it, and when. Files that were taken from an equal attempt lie where that one left them. */
function invocation(run: Run, build: Stage): Provenance["runDetails"]["metadata"] {
  const own = { run: run.id, stage: build.name, attempt: build.attempt };
  const prefix = build.prefix ?? resultsPrefix(own);
  if (prefix !== resultsPrefix(own)) return { invocationId: prefix };
  const id = attemptId(own);
  return {
    invocationId: build.build === undefined ? id : `${id}#${build.build}`,
    ...(build.startedAt !== undefined && { startedOn: build.startedAt }),
    ...(build.endedAt !== undefined && { finishedOn: build.endedAt }),
  };
}

function refOf(trigger: Trigger): string {
  if (trigger.kind === "pull") return `refs/pull/${trigger.number}/head`;
  if (trigger.kind === "promotion" && trigger.tag !== undefined) return `refs/tags/${trigger.tag}`;
  return `refs/heads/${trigger.branch}`;
}
