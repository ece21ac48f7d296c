/**
 * When a service runs: `source` before every build, `build` after these and just before the build, `update` only for
 * the pull request that updates a recipe.
 */
export type When = "source" | "build" | "update";

/** The modes of OBS; a service without one has `default`. */
const MODES = {
  default: "source",
  trylocal: "source",
  serveronly: "source",
  buildtime: "build",
  localonly: "update",
  manual: "update",
  disabled: "update",
} as const satisfies Readonly<Record<string, When>>;
export type Mode = keyof typeof MODES;

export const MODE_NAMES: readonly string[] = Object.keys(MODES);

export const isMode = (word: string): word is Mode => Object.hasOwn(MODES, word);

export const whenOf = (mode: Mode): When => MODES[mode];

/** Does OBS keep this service's files under names of their own, so that nobody takes them for what people wrote? */
export const isPrefixed = (mode: Mode): boolean => mode === "default" || mode === "serveronly";
