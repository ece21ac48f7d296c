/** The reference's own words; what a key means stands with the keys. */
export const reference = {
  head: (about: string) =>
    `# \`.millwright.yml\`

${about} What a pull request says in its own copy is shown as a plan, and holds once it is merged.

Editors that know JSON Schema complete and check the file with this line at its head, where \`schema/millwright.schema.json\`
is the one of this repository:

\`\`\`yaml
# yaml-language-server: $schema=<where it lies>/schema/millwright.schema.json
\`\`\``,
  columns: "| key | | example |\n|---|---|---|",
  kind: (kind: string) => `Takes ${kind}.`,
  usual: (value: string) => `Absent: \`${value}\`.`,
  list: (of: string) => (of === "" ? "a list" : `a list, each ${of}`),
  flag: "`true` or `false`",
  oneOf: (known: readonly string[]) => `one of ${known.map((one) => `\`${one}\``).join(", ")}`,
  whole: (from: number, to: number) => `a whole number from ${from} to ${to}`,
  id: "a numeric GitHub id",
  limits: `## What it is written in

YAML in UTF-8, one document of at most 64 KiB, nested at most 20 deep. Every value is text: \`5.10\`, \`1234e10\` and \`no\` stay what
they are, and numbers are whole ones in decimal digits. Anchors, aliases, tags and merge keys are refused, as are keys that stand
twice or that nobody knows. A mistake is shown on the pull request that makes it, at its line, and with what probably was meant.`,
} as const;
