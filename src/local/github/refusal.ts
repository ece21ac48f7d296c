/** An answer of 400 or more, thrown by whoever finds the reason. */
export interface Refusal extends Error {
  readonly refusal: {
    readonly status: number;
    readonly errors?: readonly unknown[] | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
  };
}

export const refuse = (
  status: number,
  message: string,
  more: Omit<Refusal["refusal"], "status"> = {},
): Refusal => Object.assign(new Error(message), { refusal: { status, ...more } });

export const isRefusal = (thrown: unknown): thrown is Refusal =>
  thrown instanceof Error && "refusal" in thrown;

/** 422 as GitHub words it for one field. */
export const invalid = (resource: string, field: string, code: string): Refusal =>
  refuse(422, "Validation Failed", { errors: [{ resource, field, code }] });

/** The value, or 404. */
export const found = <T>(value: T | undefined | null, message = "Not Found"): T => {
  if (value === undefined || value === null) throw refuse(404, message);
  return value;
};
