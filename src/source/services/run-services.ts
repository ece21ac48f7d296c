import type { Service } from "../../pipelines/service/services.ts";
import { infrastructure, refused } from "../failure.ts";
import type { Bench, Output, Place } from "./bench.ts";
import { benchAt } from "./bench.ts";
import { runDownloadFiles, runDownloadUrl } from "./download-services.ts";
import { runExtractFile } from "./extract-file.ts";
import { runRecompress } from "./recompress.ts";
import { runObsScm, runTarScm } from "./scm.ts";
import { runSetVersion } from "./set-version.ts";
import { runTar } from "./tar.ts";
import { takeVendored } from "./vendored.ts";
import { runVerifyFile } from "./verify-file.ts";

export type { Output, Place } from "./bench.ts";
export type { Change } from "./changes.ts";

/**
 * Runs services in their order and returns the files that they made. `at`: how the file in which they stand is called,
 * for the sentences of what is refused.
 */
export async function runServices(
  services: readonly Service[],
  place: Place,
  at: string,
): Promise<readonly Output[]> {
  const bench = benchAt(place);
  for (const service of services) {
    place.say(`${at}:${service.line}: running ${service.name}`);
    await runService(service, bench.for(service)).catch((error: unknown) => {
      throw located(error, `${at}:${service.line}: ${service.name}`);
    });
  }
  return bench.outputs();
}

/** Puts the line of the service before what went wrong with it. */
function located(error: unknown, at: string): unknown {
  if (!(error instanceof Error)) return infrastructure(at, error);
  error.message = `${at}: ${error.message}`;
  return error;
}

async function runService(service: Service, bench: Bench): Promise<void> {
  if (service.when === "build" && !OFFLINE.has(service.name))
    throw refused("it cannot run at build time, where there is no network.");
  switch (service.name) {
    case "obs_scm":
      return runObsScm(service.params, bench);
    case "tar_scm":
      return runTarScm(service.params, bench);
    case "tar":
      return runTar(service.params, bench);
    case "set_version":
      return runSetVersion(service.params, bench);
    case "recompress":
      return runRecompress(service.params, bench);
    case "download_files":
      return runDownloadFiles(service.params, bench);
    case "download_url":
      return runDownloadUrl(service.params, bench);
    case "verify_file":
      return runVerifyFile(service.params, bench);
    case "extract_file":
      return runExtractFile(service.params, bench);
    case "go_modules":
    case "cargo_vendor":
    case "node_modules":
      return takeVendored(service, bench);
    default:
      return service satisfies never;
  }
}

/** What needs nothing but the files that are there. */
const OFFLINE: ReadonlySet<string> = new Set([
  "tar",
  "set_version",
  "recompress",
  "extract_file",
  "verify_file",
]);
