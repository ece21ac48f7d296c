/**
 * The file name rpm gives a Source or Patch: what follows the last `/` of the whole value (so a fragment
 * `#/name` renames), and there what follows the last `=` (as in `get.php?file=name`).
 */
export function sourceFile(value: string): string {
  const slash = value.lastIndexOf("/");
  if (slash === -1) return value;
  const last = value.slice(slash + 1);
  return last.slice(last.lastIndexOf("=") + 1);
}

/** Is it an address (`scheme://…`), of whatever scheme, and not the name of a file? */
export const isAddress = (value: string): boolean => /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(value);
