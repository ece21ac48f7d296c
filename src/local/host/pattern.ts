/** Does an event match an EventBridge pattern? Equality, prefix, suffix, exists and anything-but, as far as we use them. */
export function matches(pattern: unknown, event: unknown): boolean {
  if (!isObject(pattern)) throw new Error("A pattern is an object of fields.");
  const fields = isObject(event) ? event : {};
  return Object.entries(pattern).every(([name, wanted]) =>
    Array.isArray(wanted)
      ? wanted.some((one) => values(fields[name]).some((value) => fits(one, value)))
      : matches(wanted, fields[name]),
  );
}

/** An array in the event matches when one of its elements does. */
const values = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function fits(wanted: unknown, value: unknown): boolean {
  if (!isObject(wanted)) return value === wanted;
  const [[name, argument] = ["", undefined]] = Object.entries(wanted);
  const test = TESTS[name];
  if (!test) throw new Error(`The host does not know the filter ${name}; a rule uses it.`);
  return test(argument, value);
}

const TESTS: Readonly<Record<string, (argument: unknown, value: unknown) => boolean>> = {
  prefix: (start, value) => typeof value === "string" && value.startsWith(String(start)),
  suffix: (end, value) => typeof value === "string" && value.endsWith(String(end)),
  exists: (wanted, value) => (value !== undefined) === wanted,
  "anything-but": (unwanted, value) =>
    value !== undefined && !values(unwanted).some((one) => fits(one, value)),
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
