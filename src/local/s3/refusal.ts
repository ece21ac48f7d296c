/** S3 saying no: an HTTP status and an error code of the API reference. */
export interface Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** Further elements of the error document, such as `Key`. */
  readonly details: Readonly<Record<string, string>>;
}

interface Cause {
  readonly message?: string;
  readonly details?: Readonly<Record<string, string>>;
}

export function refusal(status: number, code: string, cause: Cause = {}): Refusal {
  const { message = code, details = {} } = cause;
  return Object.assign(new Error(message), { status, code, details });
}

export const isRefusal = (error: unknown): error is Refusal =>
  error instanceof Error && "status" in error && "code" in error && "details" in error;

export const noSuchKey = (key: string): Refusal =>
  refusal(404, "NoSuchKey", { message: "The specified key does not exist.", details: { Key: key } });

export const accessDenied = (message = "Access Denied"): Refusal => refusal(403, "AccessDenied", { message });

export const invalidArgument = (message: string): Refusal => refusal(400, "InvalidArgument", { message });

export const notImplemented = (what: string): Refusal =>
  refusal(501, "NotImplemented", { message: `This server does not implement ${what}.` });
