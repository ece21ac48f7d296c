import { numberAt } from "./patterns-signs.ts";

/** What rpm's parser says of a line of a spec. */
export interface RpmComplaint {
  readonly line: number;
  readonly message: string;
  readonly level: "failure" | "warning";
}

/**
 * Reads `error: line 12: …`, `error: /…/x.spec:12: …`, `error: /…/x.spec: line 12: …` and
 * `warning: … on line 12: …`, as far as they speak of the spec of this name.
 */
export function rpmComplaint(text: string, spec: string): RpmComplaint | undefined {
  if (text.startsWith(ERROR)) return complaint(text.slice(ERROR.length), spec, "failure");
  if (text.startsWith(WARNING)) return complaint(text.slice(WARNING.length), spec, "warning");
  return undefined;
}

function complaint(said: string, spec: string, level: RpmComplaint["level"]): RpmComplaint | undefined {
  for (const mark of ["line ", `/${spec}:`, `/${spec}: line `]) {
    const at = mark === "line " ? 0 : said.indexOf(mark);
    const number = at >= 0 && said.startsWith(mark, at) ? numberAt(said, at + mark.length) : undefined;
    if (number && said.startsWith(": ", number.end))
      return { line: number.value, message: said.slice(number.end + 2), level };
  }
  const on = said.indexOf(ON);
  const number = on < 0 ? undefined : numberAt(said, on + ON.length);
  return number && { line: number.value, message: said, level };
}

const ERROR = "error: ";
const WARNING = "warning: ";
const ON = " on line ";
