import { homedir } from "node:os";
import { join } from "node:path";

/** Where build roots are kept between starts, for all of this user's checkouts. */
export const cacheDir = (env: Readonly<Record<string, string | undefined>>): string =>
  join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "millwright", "distribution");
