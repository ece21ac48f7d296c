import { z } from "zod";
import { pruneMirror } from "../flow/tend/prune-mirror.ts";
import { Publisher } from "../pipelines/order/publisher.ts";
import { Run } from "../pipelines/run.ts";
import { s3Client } from "../platform/aws/clients.ts";
import { githubClients } from "../platform/github/client.ts";
import { octokitGitHub } from "../platform/github/github.ts";
import { githubWatch } from "../platform/github/watch.ts";
import { readEnv } from "./environment.ts";
import { clock, logOf } from "./lambda.ts";
import { appOf, blobsOf, deploymentOf, recordsOf } from "./powers.ts";

// schedule -> old snapshots leave the mirror. The only door that removes what branches and releases published.
const env = readEnv(process.env, ["STATE_BUCKET", "MIRROR_BUCKET", "APP_ID", "PRIVATE_KEY", "DEPLOYMENT"]);
const deployment = deploymentOf(env);
const app = appOf(env, deployment);
const clients = githubClients(app);
const s3 = s3Client();

const step = pruneMirror({
  state: blobsOf(s3, env.STATE_BUCKET),
  mirror: blobsOf(s3, env.MIRROR_BUCKET),
  runs: recordsOf(s3, env.STATE_BUCKET, Run),
  publishers: recordsOf(s3, env.STATE_BUCKET, Publisher),
  github: { ...octokitGitHub(clients, app.appId), ...githubWatch(clients) },
  deployment,
  clock,
  later: (at, minutes) => new Date(Date.parse(at) + minutes * 60_000).toISOString(),
  log: logOf("prune-mirror"),
});

/** A schedule says nothing; by hand, `{"dryRun":true}` answers with what would go. */
const Asked = z.object({ dryRun: z.boolean().default(false) });

export const handler = async (event: unknown) => step(Asked.parse(event ?? {}));
