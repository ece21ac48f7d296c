/** Seconds from 1970 of an ISO 8601 time in UTC as the records hold it (`2026-11-21T10:00:00.000Z`). */
export function instant(iso: string): number {
  const number = (from: number, to: number): number => Number(iso.slice(from, to));
  const [year, month, day] = [number(0, 4), number(5, 7), number(8, 10)];
  return days(year, month, day) * 86_400 + number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19);
}

/** The other way round, for whole seconds. */
export function isoOf(seconds: number): string {
  const day = Math.floor(seconds / 86_400);
  const rest = seconds - day * 86_400;
  const time = [rest / 3600, (rest / 60) % 60, rest % 60].map((part) => twoDigits(Math.floor(part)));
  return `${dateOf(day + DAYS_TO_1970)}T${time.join(":")}.000Z`;
}

const twoDigits = (number: number): string => String(number).padStart(2, "0");

/** The day after so many days from 0000-03-01, as `days` counts them. */
function dateOf(count: number): string {
  const era = Math.floor(count / DAYS_OF_400_YEARS);
  const ofEra = count - era * DAYS_OF_400_YEARS;
  const leaps = Math.floor(ofEra / 1460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096);
  const ofYears = Math.floor((ofEra - leaps) / 365);
  const ofYear = ofEra - (365 * ofYears + Math.floor(ofYears / 4) - Math.floor(ofYears / 100));
  const march = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * march + 2) / 5) + 1;
  const month = march < 10 ? march + 3 : march - 9;
  const year = era * 400 + ofYears + (month < 3 ? 1 : 0);
  return `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(day)}`;
}

const DAYS_OF_400_YEARS = 146_097;

export const secondsBetween = (from: string, to: string): number => Math.max(0, instant(to) - instant(from));

/** Days from 1970-01-01 in the Gregorian calendar. Years begin in March here, so that a leap day is the last. */
function days(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return y * 365 + leaps + ofYear - DAYS_TO_1970;
}

const DAYS_TO_1970 = 719_468;
