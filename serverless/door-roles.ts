import {
  BOTH,
  BUILDS_OF,
  consume,
  hears,
  logOf,
  moves,
  objects,
  READ,
  REMOVE,
  sends,
  WRITE,
} from "./door-powers.ts";
import { decided } from "./deployment.ts";
import { PULLS } from "./builder-roles.ts";
import { mailPowers } from "./mail-powers.ts";
import { startBuilds } from "./start-builds.ts";
import {
  allow,
  arnOf,
  logicalId,
  type Part,
  type Resolving,
  role,
  type Statement,
  sub,
} from "./resources.ts";

/** What each door may do, written out. A door that is not here has no role and cannot be deployed. */
const POWERS: Readonly<Record<string, (prefix: string) => readonly Statement[]>> = {
  "receive-webhook": () => [allow(WRITE, objects("deliveries/*", "refused/*")), sends("Events")],

  "decide-event": () => [
    consume("Events"),
    ...moves,
    allow(READ, objects("deliveries/*", "history/*", "line/*", "graphs/*")),
    allow(WRITE, objects("verdicts/*", "open/*", "expiring/*", "reviews-open/*")),
    allow(BOTH, objects("rebuilds/*")),
    allow(BOTH, objects("updates/*", "own-commits/*")),
    // What the services of updates made, and nothing else that stages left.
    allow(READ, objects("results/*/source/update:*")),
    allow(BOTH, objects("heads/*", "reviews/*", "channels/*", "budget/*", "releases/*", "turns/*", "pins/*")),
    allow(BOTH, objects("aliases/*")),
    // The pointers of channels that others stand over, and the records of their snapshots.
    allow(READ, [sub("${MirrorBucket.Arn}/*/mirrorlist"), sub("${MirrorBucket.Arn}/*/snapshot.json")]),
    allow(["s3:ListBucket"], arnOf("MirrorBucket")),
    // What is no longer pinned.
    allow(REMOVE, objects("pins/*")),
    sends("Stages", "Reports", "Mails"),
  ],

  // Lends bundles and admits results: what it signs is bounded by what it may do itself.
  "dispatch-stage": (prefix) => [
    consume("Stages"),
    ...moves,
    allow(READ, objects("waiting/*", "built/*")),
    allow(REMOVE, objects("waiting/*")),
    allow(BOTH, objects("results/*", "manifests/*", "channels/*", "publishers/*")),
    allow(WRITE, objects("line/*")),
    allow(WRITE, objects("locks/*")),
    // How a build that is taken as it is differs from the tested one.
    allow(WRITE, sub("${LogsBucket.Arn}/*.difference.txt")),
    ...startBuilds(prefix),
    allow(
      ["codebuild:BatchGetBuilds", "codebuild:ListBuildsForProject", "codebuild:StopBuild"],
      BUILDS_OF(prefix),
    ),
    sends("Stages", "Reports"),
  ],

  "track-build": (prefix) => [
    consume("Builds"),
    ...moves,
    ...hears(prefix),
    sends("Events", "Stages", "Reports"),
  ],

  "report-run": () => [
    consume("Reports"),
    ...moves,
    allow(READ, objects("heads/*", "line/*", "reviews/*")),
    allow(READ, objects("results/*/release.json")),
    allow(BOTH, objects("announcements/*", "budget/*", "comments/*")),
    sends("Stages", "Reports", "Mails"),
  ],

  sweep: (prefix) => [
    ...moves,
    ...hears(prefix),
    allow(READ, objects("heads/*")),
    // A default branch that is seen for the first time is remembered.
    allow(WRITE, objects("heads/*/branch/*")),
    allow(["codebuild:ListBuildsForProject"], BUILDS_OF(prefix)),
    sends("Events", "Stages", "Reports"),
  ],

  // The only door that removes from the mirror, and only what pull requests had there.
  "tend-calendar": () => [
    allow(BOTH, objects("channels/*", "nights/*", "upstreams/*")),
    allow(READ, objects("heads/*", "reviews-open/*", "runs/*", "updates/*", "rebuilds/*")),
    allow(REMOVE, objects("channels/*", "expiring/*", "reviews-open/*")),
    allow(REMOVE, PULLS),
    allow(["s3:ListBucket"], [arnOf("StateBucket"), arnOf("MirrorBucket")]),
    sends("Events"),
  ],

  // The only door that removes what branches and releases published. The bucket keeps what it removes for some time.
  "prune-mirror": () => [
    allow(READ, objects("runs/*")),
    allow(BOTH, objects("publishers/*", "retention/*")),
    allow(READ, MIRROR),
    allow(REMOVE, OLD),
    allow(["s3:ListBucket"], [arnOf("StateBucket"), arnOf("MirrorBucket")]),
  ],

  // A stranger: it reads the mirror over HTTP like anybody.
  "watch-mirror": () => [
    allow(READ, objects("runs/*", "publishers/*")),
    allow(BOTH, objects("canary/*")),
    allow(["s3:ListBucket"], arnOf("StateBucket")),
  ],

  // The only door that sends mail.
  "send-mail": () => [
    consume("Mails"),
    allow(READ, objects("announcements/*", "runs/*")),
    allow(BOTH, objects("mails/*")),
    allow(["s3:ListBucket"], arnOf("StateBucket")),
    ...mailPowers(decided().mail),
  ],
};

const MIRROR = sub("${MirrorBucket.Arn}/*");

/** Snapshots, packages, trees' objects and releases of channels (`<owner>/<repo>/<channel>/<target>/pool/…`), and never a
 *  pointer. */
const OLD = [
  "*/*/*/*/snapshots/*",
  "*/*/*/*/pool/*",
  "*/*/*/ostree/objects/*",
  "*/*/*/ostree/deltas/*",
  "*/*/*/releases/*",
].map((keys) => sub(`\${MirrorBucket.Arn}/${keys}`));

export async function doorRoles({ resolveVariable }: Resolving): Promise<Part> {
  const prefix = await resolveVariable("self:custom.prefix");
  return {
    Resources: Object.fromEntries(
      Object.entries(POWERS).map(([door, powers]) => [
        `${logicalId(door)}Role`,
        role("lambda.amazonaws.com", [logOf(prefix + door), ...powers(prefix)]),
      ]),
    ),
  };
}
