/** How many cases a fuzz test tries: ten thousand, or what MILLWRIGHT_FUZZ says. */
export const cases = (): number => Number(process.env["MILLWRIGHT_FUZZ"] ?? 10_000);
