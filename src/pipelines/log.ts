/** Where an attempt's log is kept for people to read. */
export const logKey = (attempt: string): string => `${attempt.split("#").join("/")}.txt`;
