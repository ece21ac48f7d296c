/** Where an attempt's log is kept for people to read. */
export const logKey = (attempt: string): string => `${attempt.split("#").join("/")}.txt`;

/** Where it is kept how an attempt's packages differ from those that were tested, line by line. */
export const differenceKey = (attempt: string): string => `${attempt.split("#").join("/")}.difference.txt`;

/** Where a plot of how an image came up is kept, beside its check's log. */
export const plotKey = (attempt: string): string => `${attempt.split("#").join("/")}.boot.svg`;
