/** Reads a door's environment; all names that are missing are told at once. */
export function readEnv<const Name extends string>(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => !env[name]);
  if (missing.length > 0) throw new Error(`not set: ${missing.join(", ")}`);
  // Every name was just seen to be there.
  return Object.fromEntries(names.map((name) => [name, env[name]])) as Record<Name, string>;
}
