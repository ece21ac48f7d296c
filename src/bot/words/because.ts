import type { Manager } from "../../pipelines/kiwi/repository.ts";
import type { WrongResults } from "../../pipelines/results.ts";

/** A key of the deployment's whose last day is over. */
interface EndedKey {
  readonly expires: string;
  readonly owner?: string | undefined;
  readonly purpose?: string | undefined;
}

/** Why a stage ended as it did, as kept in the record. */
export const because = {
  noResults: "The build passed but left no results.",
  results: (problem: WrongResults): string =>
    problem.wrong === "missing"
      ? `SHA256SUMS names ${problem.name}, which is not there.`
      : `SHA256SUMS has ${problem.wrong === "count" ? "more files than are kept." : "a line that is none of sha256sum's."}`,
  stopped: "The build was stopped from outside.",
  tooLarge: (file: string) => `The build left a ${file} that is too large to be one.`,
  noFacts: (file: string) => `The build left a ${file} that is not JSON.`,
  expired: "It could not be over by the time that its check had promised, so it was not begun.",
  timedOut: "The time allowed for this stage was used up.",
  fault: (message: string) => `CodeBuild could not carry the build out: ${message}`,
  superseded: (sha: string) => `Superseded by ${sha.slice(0, 10)}.`,
  withdrawn: "The leave to build this commit was taken back.",
  closed: "The pull request was closed.",
  retargeted: "The pull request is to be merged into another branch.",
  leftQueue: "The merge queue no longer asks for it.",
  person: (login: string) => `Cancelled by ${login}.`,
  shared: "It was published together with others, and that failed; it is tried again alone.",
  noPullKey: "This deployment no longer publishes pull requests.",
  keyExpired: ({ expires, owner, purpose }: EndedKey) =>
    `The key that would sign this${purpose === undefined ? "" : ` (${purpose})`} expired with ${expires}, and clients refuse what it signs later. ${owner === undefined ? "The operator of this installation" : owner} must give it a later day or a next key in the deployment; then Re-run publishes it.`,
  wentBack: "The channel went back to an older release meanwhile.",
  noSnapshot: (channel: string, number: string) =>
    `Nothing is known of what ${channel} ${number} had published.`,
  treefile: (wrong: string) => `The treefile cannot be composed: ${wrong}`,
  noRepository: ({ name, at }: Manager, target: string) =>
    `${at}: The package manager is ${name}, and this deployment has no repository for it in ${target}.`,
  noBoot: (target: string, arch: string) => `This deployment no longer boots images of ${target} on ${arch}.`,
  noDisk: "The build left no disk that can be booted: a .qcow2, .raw, .raw.xz or .iso.",
  noImage: (target: string, arch: string) => `This deployment no longer builds ${target} on ${arch}.`,
} as const;
