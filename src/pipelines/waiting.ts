import { slug } from "./run.ts";

/** A marker says that a run has stages that wait for a pool; the record says which. */
export const waitingKey = (pool: string, run: string): string => `waiting/${pool}/${runName(run)}`;
export const waitingPrefix = (pool: string): string => `waiting/${pool}/`;

const runName = (run: string): string => run.split("/").map(slug).join("!");
export const runOf = (marker: string): string => (marker.split("/").at(-1) ?? "").split("!").join("/");
