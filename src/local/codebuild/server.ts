import { rm } from "node:fs/promises";
import path from "node:path";
import type { Log } from "../../ports.ts";
import { type JsonServer, type JsonService, type PlantedFault, serveJson } from "../json-protocol.ts";
import type { Credentials } from "../s3/signature.ts";
import { buildOperations } from "./builds.ts";
import type { CodeBuildEvent } from "./events.ts";
import { cages, type Limits } from "./limits.ts";
import { logOperations, openLogs } from "./logs.ts";
import type { Project } from "./model.ts";
import { type Gate, makeGate } from "./network.ts";
import { projectOperations } from "./projects.ts";
import type { Root } from "./root.ts";
import { openDatabase, openStore } from "./store.ts";
import { buildYard } from "./yard.ts";

export interface CodeBuildOptions {
  /** Where projects, builds, logs and the directories of running builds are kept. */
  readonly dir: string;
  readonly port: number;
  readonly credentials: Credentials;
  /** May this access key do this (`codebuild:StartBuild`)? Absent: every signed request may. */
  readonly allow?: ((accessKeyId: string, action: string) => boolean) | undefined;
  /** The root an image name stands for. */
  readonly roots: (image: string) => Promise<Root | undefined>;
  /** Credentials and endpoints of a project's role. */
  readonly environmentFor: (project: Project) => Readonly<Record<string, string>>;
  /** The S3 endpoint on loopback: all that a project with a VPC reaches. */
  readonly s3: { readonly port: number };
  /** Takes EventBridge's events of a build, one after the other. */
  readonly onEvent: (event: CodeBuildEvent) => void | Promise<void>;
  readonly limits: Limits;
  readonly faults?: ((operation: string, input: unknown) => PlantedFault | undefined) | undefined;
  /** How long a minute of a build's timeout lasts, in ms. */
  readonly minute?: number | undefined;
  readonly log: Log;
}

/** AWS CodeBuild and its CloudWatch Logs on loopback: runs buildspecs for real, for the unmodified SDK. */
export async function startCodeBuild(options: CodeBuildOptions): Promise<JsonServer> {
  const { dir, log } = options;
  const now = (): number => Date.now();
  const db = openDatabase(dir);
  const store = openStore(db);
  const logs = openLogs(db);
  const pens = cages({ dir, limits: options.limits, log });
  const work = path.resolve(dir, "work");
  await pens.sweep();
  await rm(work, { recursive: true, force: true });

  const outbox = inOrder(options.onEvent, log);
  let gate: Promise<Gate> | undefined;
  const { roots, environmentFor, s3, minute = 60_000 } = options;
  const yard = buildYard({
    books: { store, logs, now, send: outbox.send },
    machine: {
      dir: work,
      s3Port: s3.port,
      roots,
      environmentFor,
      gate: () => (gate ??= makeGate(s3.port, dir)),
      cage: pens.make,
    },
    minute,
    log,
  });
  const operations = { ...projectOperations(store, now), ...buildOperations(yard, store) };
  const server = await serveJson({
    ...options,
    services: {
      CodeBuild_20161006: { signingName: "codebuild", invalid: "InvalidInputException", operations },
      Logs_20140328: LOGS(logOperations(logs)),
    },
  });
  yard.recover();

  return {
    ...server,
    async close() {
      await yard.close();
      await server.close();
      await outbox.empty();
      await (await gate)?.close();
      db.close();
    },
  };
}

const LOGS = (operations: JsonService["operations"]): JsonService => ({
  signingName: "logs",
  invalid: "InvalidParameterException",
  operations,
});

/** Hands events over one at a time; one that cannot be taken is logged and lost, as EventBridge's may be. */
function inOrder(take: CodeBuildOptions["onEvent"], log: Log) {
  let tail: Promise<void> = Promise.resolve();
  return {
    send: (event: CodeBuildEvent): void => {
      tail = tail
        .then(() => take(event))
        .catch((error: unknown) =>
          log("an event was not taken", { event: event["detail-type"], error: String(error) }),
        );
    },
    empty: (): Promise<void> => tail,
  };
}
