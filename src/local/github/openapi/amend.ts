type Value = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Value => typeof value === "object" && value !== null;

const sourceFields = ["label", "ref", "repo", "sha", "user"];

/** The schema of one side of a pull request: a label, a ref, a commit, its repository and who it belongs to. */
const isSide = (schema: Value): boolean => {
  const { properties } = schema;
  return isObject(properties) && sourceFields.every((name) => name in properties);
};

const sourceless = (side: Value): Value => {
  const properties = side["properties"] as Value;
  return { ...side, properties: { ...properties, repo: { anyOf: [{ type: "null" }, properties["repo"]] } } };
};

/**
 * The description with what it says wrongly put right: it holds that every pull request has a source, but GitHub
 * answers `"repo": null` once the fork is deleted.
 */
export const amend = <T>(value: T): T => amended(value) as T;

const amended = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(amended);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => {
      const whole = amended(held);
      return [name, name === "head" && isObject(whole) && isSide(whole) ? sourceless(whole) : whole];
    }),
  );
};
