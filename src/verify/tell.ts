import { sentence } from "./finding.ts";
import { instant } from "./seen.ts";
import type { Report } from "./verify.ts";

type Target = Report["targets"][number];

/** A report as a person reads it: what was looked at, then a line for each finding, then the verdict. */
export function tellPeople({ address, verdict, targets, told, findings }: Report): string {
  const lines = [
    ...targets.map(lookedAt),
    ...told.map(around),
    ...findings.map((finding) => `${finding.kind.padEnd(KIND)}${sentence(finding)}`),
    `${verdict.padEnd(KIND)}${VERDICTS[verdict](address)}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

const KIND = 9;

const VERDICTS: Readonly<Record<Report["verdict"], (address: string) => string>> = {
  good: (address) => `${address} is what was published.`,
  wrong: (address) => `${address} is not to be trusted as it is.`,
  unseen: (address) => `${address} could not be looked at in full; nothing wrong was found in the rest.`,
};

function lookedAt({ snapshot, revision, fingerprint, packages, read, rpm }: Target): string {
  const signatures = rpm ? ", with rpm's check of their signatures" : "";
  const rest = packages.length - read;
  const bodies =
    rest === 0
      ? `all ${read} packages were read${signatures}`
      : `${read} of ${packages.length} packages were read${signatures}; of the other ${rest} the size was asked for (--all reads every one)`;
  return `${"looked".padEnd(KIND)}${snapshot}: of ${instant(revision)}, by the key ${fingerprint}; its metadata was read whole; ${bodies}.`;
}

function around({ channel, release, images, read }: Report["told"][number]): string {
  const which = images === 0 ? "it has no images" : `${read} of its ${images} images were read whole`;
  return `${"looked".padEnd(KIND)}${channel}: its release ${release} as it is told; ${which}.`;
}

/** The same for machines: one JSON object. */
export function tellMachines({ address, at, verdict, targets, told, findings }: Report): string {
  const shown = targets.map(
    ({ target, snapshot, number, revision, record, fingerprint, packages, read, rpm }) => ({
      target,
      snapshot,
      number,
      revision: instant(revision),
      record,
      fingerprint,
      packages: { listed: packages.length, read, sized: packages.length - read, rpm },
    }),
  );
  return `${JSON.stringify({ v: 1, address, at, verdict, targets: shown, told, findings }, undefined, 1)}\n`;
}
