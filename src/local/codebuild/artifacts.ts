import { readFile, readdir, realpath } from "node:fs/promises";
import path from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import picomatch from "picomatch";
import type { Artifacts, Buildspec } from "./buildspec.ts";
import type { Journal } from "./journal.ts";
import { FINE, type Outcome } from "./outcome.ts";
import { type Project, REGION } from "./model.ts";

interface Upload {
  readonly journal: Journal;
  readonly project: Project;
  readonly spec: Buildspec;
  readonly machine: {
    readonly s3Port: number;
    readonly environmentFor: (project: Project) => Readonly<Record<string, string>>;
  };
  /** The build's source directory on the host. */
  readonly from: string;
}

/** Puts what the buildspec names into the project's bucket, with the rights of the project's role. */
export async function uploadArtifacts({ journal, project, spec, machine, from }: Upload): Promise<Outcome> {
  const { artifacts } = spec;
  if (!artifacts || project.artifacts.type !== "S3") return FINE;
  const files = await matching(artifacts, from);
  journal.say(`Found ${files.length} file(s)`);
  if (files.length === 0) return failed("no matching artifact paths found");
  const role = machine.environmentFor(project);
  const s3 = new S3Client({
    region: REGION,
    endpoint: `http://127.0.0.1:${machine.s3Port}`,
    forcePathStyle: true,
    credentials: {
      accessKeyId: role["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: role["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
  });
  const { arn, logs } = journal.build();
  const { location, path: folder = "", name = project.name, namespaceType } = project.artifacts;
  const prefix = [folder, namespaceType === "BUILD_ID" ? logs.streamName : "", name].filter(
    (part) => part !== "",
  );
  try {
    for (const { file, key } of files) {
      const Key = [...prefix, key].join("/");
      const Metadata = { "codebuild-buildarn": arn };
      await s3.send(new PutObjectCommand({ Bucket: location, Key, Body: await readFile(file), Metadata }));
    }
    return FINE;
  } catch (error) {
    return failed(String(error));
  } finally {
    s3.destroy();
  }
}

/** Regular files below the base directory that a pattern names; no link leads out of the build's directory. */
async function matching(artifacts: Artifacts, from: string): Promise<{ file: string; key: string }[]> {
  const top = await realpath(from);
  const base = await realpath(path.join(top, artifacts["base-directory"] ?? ".")).catch(() => undefined);
  if (base === undefined || !`${base}/`.startsWith(`${top}/`)) return [];
  const wanted = picomatch(artifacts.files, { dot: true });
  const unwanted = picomatch(["!**", ...artifacts["exclude-paths"]], { dot: true });
  const entries = await readdir(base, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ file, key: path.relative(base, file) }))
    .filter(({ key }) => wanted(key) && !unwanted(key))
    .map(({ file, key }) => ({ file, key: artifacts["discard-paths"] ? path.basename(key) : key }));
}

const failed = (message: string): Outcome => ({ status: "FAILED", code: "CLIENT_ERROR", message });
