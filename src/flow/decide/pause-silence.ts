import { pullKey } from "../../pipelines/newest.ts";
import type { DecidePorts } from "./ports.ts";

/** While a pull request is closed nobody is silent about it: once it is opened again, its silence begins anew. */
export async function pauseSilence(
  { newest }: Pick<DecidePorts, "newest">,
  repo: { readonly id: number },
  number: number,
): Promise<void> {
  const key = pullKey(repo.id, number);
  const known = await newest.read(key);
  if (known?.value.since === undefined) return;
  const { since: _since, ...rest } = known.value;
  // Whoever was faster has decided about an open pull request.
  await newest.replace(key, rest, known.version);
}
