import { isVersion } from "../../pipelines/service/values.ts";
import { refused } from "../failure.ts";

/** What stands beside an archive of obs_scm. `mtime` is in seconds. */
export interface Obsinfo {
  readonly name: string;
  readonly version: string;
  readonly mtime: number;
  readonly commit: string;
}

export const obsinfo = ({ name, version, mtime, commit }: Obsinfo): string =>
  `name: ${name}\nversion: ${version}\nmtime: ${mtime}\ncommit: ${commit}\n`;

/** Reads one that may have been committed by anybody. */
export function readObsinfo(text: string): Obsinfo {
  const fields = new Map(
    text.split("\n").map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, Math.max(0, colon)), line.slice(colon + 1).trim()] as const;
    }),
  );
  const [name = "", version = "", mtime = "0", commit = ""] = ["name", "version", "mtime", "commit"].map(
    (key) => fields.get(key),
  );
  if (!/^[A-Za-z0-9][A-Za-z0-9._+~^-]{0,199}$/.test(name))
    throw refused("Its name is no name of an archive.");
  if (version !== "" && !isVersion(version)) throw refused("Its version is no version.");
  if (!/^\d{1,10}$/.test(mtime)) throw refused("Its mtime is no time.");
  return { name, version, mtime: Number(mtime), commit };
}
