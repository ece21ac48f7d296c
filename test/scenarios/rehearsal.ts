import { readFileSync } from "node:fs";

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}
interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Changes {
  /** Builds at once in each project. */
  readonly slots?: number | undefined;
  /** Seconds until a message that was not dealt with comes back, by queue (`EventsQueue`). */
  readonly hidden?: Readonly<Record<string, number>> | undefined;
  /** How often a message is handed out before it is a dead letter. */
  readonly receives?: number | undefined;
  /** Where builds ask how they end; absent: what their recipes are called tells it. */
  readonly prompter?: string | undefined;
}

const SCRIPT = readFileSync(new URL("rehearsed-build.sh", import.meta.url), "utf8");
const buildspec = (prompter = ""): string =>
  `version: 0.2\nphases:\n  build:\n    commands:\n      - |\n${`prompter='${prompter}'\n${SCRIPT}`.replaceAll(/^/gm, "        ")}\n`;

/**
 * The compiled template with nothing changed but this: the builds are rehearsed (a few lines of shell in place of the
 * buildspecs, and no network of their own), news of builds is not waited for in batches, and `changes`.
 */
export function rehearsed(template: unknown, changes: Changes = {}): Template {
  const { Resources } = template as Template;
  return {
    Resources: Object.fromEntries(
      Object.entries(Resources).map(([id, resource]) => [id, changed(id, resource, changes)]),
    ),
  };
}

function changed(id: string, resource: Resource, changes: Changes): Resource {
  const { slots, hidden = {}, receives, prompter } = changes;
  const { Type, Properties = {} } = resource;
  if (Type === "AWS::CodeBuild::Project") {
    const { VpcConfig: _offline, ...rest } = Properties;
    const limit = slots === undefined ? {} : { ConcurrentBuildLimit: slots };
    return {
      Type,
      Properties: { ...rest, ...limit, Source: { Type: "NO_SOURCE", BuildSpec: buildspec(prompter) } },
    };
  }
  if (id in hidden) {
    const policy = Properties["RedrivePolicy"] as object;
    const RedrivePolicy = receives === undefined ? policy : { ...policy, maxReceiveCount: receives };
    return { Type, Properties: { ...Properties, RedrivePolicy, VisibilityTimeout: hidden[id] } };
  }
  if (Type === "AWS::Lambda::EventSourceMapping")
    return { Type, Properties: { ...Properties, MaximumBatchingWindowInSeconds: 0 } };
  return resource;
}
