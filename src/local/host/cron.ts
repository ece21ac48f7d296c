/** Is this minute (in UTC) one that EventBridge's six fields name: minute, hour, day, month, weekday (1 = Sunday), year? */
export function matchesCron(expression: string, at: Date): boolean {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 6) throw new Error(`A schedule has six fields: cron(${expression}).`);
  const now = [
    at.getUTCMinutes(),
    at.getUTCHours(),
    at.getUTCDate(),
    at.getUTCMonth() + 1,
    at.getUTCDay() + 1,
    at.getUTCFullYear(),
  ];
  return fields.every((field, index) => field.split(",").some((part) => fits(part, now[index] ?? 0)));
}

const NAMES = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

function fits(part: string, now: number): boolean {
  const [range = "", step = "1"] = part.split("/");
  if (range === "*" || range === "?") return now % Number(step) === 0 || step === "1";
  const [from = "", to] = range.split("-");
  const first = number(from);
  const last = to === undefined ? (part.includes("/") ? Number.POSITIVE_INFINITY : first) : number(to);
  return now >= first && now <= last && (now - first) % Number(step) === 0;
}

function number(text: string): number {
  const month = NAMES.indexOf(text.toUpperCase());
  const day = DAYS.indexOf(text.toUpperCase());
  const value = month >= 0 ? month + 1 : day >= 0 ? day + 1 : Number(text);
  if (!Number.isInteger(value)) throw new Error(`The host does not know ${text} in a schedule.`);
  return value;
}
