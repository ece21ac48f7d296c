/** Tells a story step by step, as a person would. */
export interface Teller {
  chapter(name: string): void;
  step(text: string): void;
  /** What belongs to the step: addresses, lines of output. */
  detail(...lines: readonly string[]): void;
}

export function teller(write: (text: string) => void, now: () => number): Teller {
  const begin = now();
  let count = 0;
  return {
    chapter: (name) => write(`\n== ${name} ==\n`),
    step(text) {
      count += 1;
      const seconds = ((now() - begin) / 1000).toFixed(1);
      write(`\n${String(count).padStart(2)}. ${text}  [${seconds} s]\n`);
    },
    detail(...lines) {
      for (const line of lines.flatMap((text) => text.split("\n"))) write(`    ${line}\n`);
    },
  };
}
