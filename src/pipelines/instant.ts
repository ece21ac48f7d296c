/** Seconds from 1970 of an ISO 8601 time in UTC as the records hold it (`2026-11-21T10:00:00.000Z`). */
export function instant(iso: string): number {
  const number = (from: number, to: number): number => Number(iso.slice(from, to));
  const [year, month, day] = [number(0, 4), number(5, 7), number(8, 10)];
  return days(year, month, day) * 86_400 + number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19);
}

/** The other way round. */
export const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

export const secondsBetween = (from: string, to: string): number => Math.max(0, instant(to) - instant(from));

/** Days from 1970-01-01 in the Gregorian calendar. Years begin in March here, so that a leap day is the last. */
function days(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return y * 365 + leaps + ofYear - DAYS_TO_1970;
}

const DAYS_TO_1970 = 719_468;
