/** A marker says that a run has stages that wait for a pool; the record says which. */
export const waitingKey = (pool: string, run: string): string => `waiting/${pool}/${runName(run)}`;
export const waitingPrefix = (pool: string): string => `waiting/${pool}/`;

// A run's id is slugged already and holds no `!`; slugging it again could not be undone.
const runName = (run: string): string => run.split("/").join("!");
export const runOf = (marker: string): string => (marker.split("/").at(-1) ?? "").split("!").join("/");
