/** Where an attempt's log is kept for people to read. */
export const logKey = (attempt: string): string => `${attempt.split("#").join("/")}.txt`;

/** Where it is kept how an attempt's packages differ from those that were tested, line by line. */
export const differenceKey = (attempt: string): string => `${attempt.split("#").join("/")}.difference.txt`;
