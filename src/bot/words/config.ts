/** Mistakes in the config that no schema tells of. */
export const mistakes = {
  tooLong: (characters: number) => `The file has more than ${characters} characters.`,
  tooDeep: "The file nests deeper than any config does.",
  alias: "Aliases are not allowed here.",
} as const;
